/** A duration in milliseconds in words: "850 ms", "42 s", "3 min 20 s", "2 h 5 min", "4 d". */
export function duration(milliseconds: number): string {
  const rounded = Math.max(0, Math.round(milliseconds));
  if (rounded > 0 && rounded < 1_000) return `${rounded} ms`;
  const seconds = Math.round(rounded / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return two(minutes, 'min', seconds % 60, 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return two(hours, 'h', minutes % 60, 'min');
  return `${Math.floor(hours / 24)} d`;
}

function two(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;
}
