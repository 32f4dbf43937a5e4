import type { ReleaseDraft } from '../kernel/context.ts';

/** Notes what people should know of a release, once. */
export function note(release: ReleaseDraft, sentence: string): void {
  if (!release.notes.includes(sentence)) release.notes.push(sentence);
}
