/** Characters of a text that is remembered: longer ones are rare, and each is asked for once. */
const LONGEST = 500;
/** Texts that are remembered; the oldest makes room. */
const MOST = 1_000;

/**
 * The same function of a text, which works out each short text once: what an app says is saved again with every step
 * of its release.
 */
export function remembered(work: (text: string) => string): (text: string) => string {
  const answers = new Map<string, string>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = work(text);
    if (text.length > LONGEST) return answer;
    const [oldest] = answers.keys();
    if (oldest !== undefined && answers.size >= MOST) answers.delete(oldest);
    answers.set(text, answer);
    return answer;
  };
}
