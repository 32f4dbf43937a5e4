// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const COLOUR = /\u001b\[[\d;]{0,24}[A-Za-z]/g;

/** What is longer says nothing new, and would only cost time. ECS cuts reasons at 1,024 characters. */
const LONGEST = 4_096;

/** Platforms are the only words with a slash that wordings are about. */
const PLATFORM = /^(?:linux|windows|darwin|freebsd)\/[\w/]+[.,;:]*$/i;

/**
 * AWS's own words on one line: what people have named (images, ARNs, paths, addresses) is masked, so that "denied"
 * in a repository's name says nothing. Takes time in proportion to the text's length.
 */
export function plain(text: string): string {
  return oneLine(text).replace(/[^\s'"‘’]+/g, (word) => (isName(word) ? `<reference>${endOf(word)}` : word));
}

/** The same on one line, with every name in its place. */
export function oneLine(text: string): string {
  return withoutColours(text.slice(0, LONGEST)).replace(/\s+/g, ' ').trim();
}

/** A text as people read it, without the sequences that only terminals understand. */
export function withoutColours(text: string): string {
  return text.replace(COLOUR, '');
}

function isName(word: string): boolean {
  return (word.includes('/') || word.includes('arn:')) && !PLATFORM.test(word);
}

/** The punctuation that ends a word belongs to the sentence around it. */
function endOf(word: string): string {
  return /[:;,.)\]]{0,3}$/.exec(word)?.[0] ?? '';
}
