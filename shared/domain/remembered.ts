/** How much is remembered. */
interface Memory {
  /** Characters of a text whose answer is remembered. */
  readonly longest: number;
  /** Texts; the oldest makes room. */
  readonly most: number;
}

/** The same function of a text, which works out each text once, as long as it is remembered. */
export function remembered<Answer>(
  work: (text: string) => Answer,
  { longest, most }: Memory,
): (text: string) => Answer {
  const answers = new Map<string, Answer>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = work(text);
    if (text.length > longest) return answer;
    const [oldest] = answers.keys();
    if (oldest !== undefined && answers.size >= most) answers.delete(oldest);
    answers.set(text, answer);
    return answer;
  };
}
