import { shortDigest } from '../shared/domain/image.ts';
import { memberOf } from '../shared/domain/member.ts';
import type { LiveSpan } from '../shared/domain/summaries.ts';
import type { Style } from './style.ts';

/** Words for names of states in code. */
const WORDS: Readonly<Record<string, string>> = {
  rolledBack: 'rolled back',
  rollingBack: 'rolling back',
  stranded: 'rollback failed',
  neverStarted: 'never started',
  timedOut: 'timed out',
  wasLive: 'was live',
};
const GOOD = new Set(['live', 'succeeded']);
const BAD = new Set(['failed', 'rolledBack', 'stranded', 'rejected', 'neverStarted', 'timedOut', 'missed']);

export function stateWord(name: string): string {
  return memberOf(WORDS, name) ?? name;
}

/** A state's word in its color. */
export function stateText(name: string, style: Style): string {
  if (GOOD.has(name)) return style.good(stateWord(name));
  return BAD.has(name) ? style.bad(stateWord(name)) : stateWord(name);
}

/** An image that went live is live only until something replaced it. */
export function stateSince(state: string, live: LiveSpan | undefined): string {
  return state === 'live' && live?.until !== undefined ? 'wasLive' : state;
}

/** "1.2.0 (2ab34cd56ef7)". */
export function imageName(name: { readonly tag: string; readonly digest: string }): string {
  return `${name.tag} (${shortDigest(name.digest)})`;
}
