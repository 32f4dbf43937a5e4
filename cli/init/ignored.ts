/** `.gitignore`: only the lines that are missing are added. */

/** What installing and deploying write. Some commit what `fairway package` writes, for review. */
const FOLDERS = ['node_modules', '.serverless'];

/** @param above the texts of the same file in the folders above */
export function ignoreText(before: string | undefined, above: readonly string[] = []): string | undefined {
  const text = before ?? '';
  const missing = FOLDERS.filter(
    (folder) => !ignores(text, folder, HERE) && !above.some((each) => ignores(each, folder, BELOW)),
  );
  if (missing.length === 0) return before;
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  const start = text === '' || text.endsWith('\n') ? text : text + eol;
  return start + missing.map((folder) => `${folder}/${eol}`).join('');
}

/** How a line starts that ignores a folder beside its file, and in the folders below. */
const HERE = ['', '/', '**/'];
const BELOW = ['', '**/'];

function ignores(text: string, folder: string, starts: readonly string[]): boolean {
  return text.split(/\r?\n/).some((line) => {
    const pattern = line.trimEnd().replace(/\/\*{0,2}$/, '');
    return starts.some((start) => pattern === start + folder);
  });
}
