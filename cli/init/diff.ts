/** The lines that differ, as `diff -u` marks them, without its context: "-old", "+new". */
export function diffLines(before: string, after: string): readonly string[] {
  const [old, own] = [before.split('\n'), after.split('\n')];
  const common = commonLengths(old, own);
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < own.length) {
    if (i < old.length && old[i] === own[j]) {
      i += 1;
      j += 1;
    } else if (
      j >= own.length ||
      (i < old.length && lengthAt(common, i + 1, j) >= lengthAt(common, i, j + 1))
    ) {
      lines.push(`-${old[i]}`);
      i += 1;
    } else {
      lines.push(`+${own[j]}`);
      j += 1;
    }
  }
  return lines;
}

/** How many lines the rests of both texts have in common, from each pair of lines on. */
function commonLengths(old: readonly string[], own: readonly string[]): readonly (readonly number[])[] {
  const rows: number[][] = [new Array<number>(own.length + 1).fill(0)];
  for (const line of old.toReversed()) {
    const below = rows[0] ?? [];
    const row = new Array<number>(own.length + 1).fill(0);
    for (let j = own.length - 1; j >= 0; j -= 1)
      row[j] = line === own[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    rows.unshift(row);
  }
  return rows;
}

function lengthAt(common: readonly (readonly number[])[], i: number, j: number): number {
  return common[i]?.[j] ?? 0;
}
