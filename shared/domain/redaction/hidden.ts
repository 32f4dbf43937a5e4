import { COLOUR } from './values.ts';

/** Invisible characters, also as HTML and JSON escape them: soft hyphens, joiners, marks of direction. */
const INVISIBLE = String.raw`\u034f|[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u115f\u1160\u3164\uffa0\ufe00-\ufe0f]|%(?:C2%AD|E2%80%8[B-F]|E2%81%A0|EF%BB%BF|EF%B8%8F)|&(?:shy|zwn?j|ZeroWidthSpace|#173|#x0{0,2}ad|#820[3-7]|#x200[b-f]);|\\{1,8}u(?:00ad|200[b-f]|2060|feff)`;

const HIDDEN = new RegExp(`${COLOUR}|${INVISIBLE}`, 'gi');
const UNSEEN = new RegExp(INVISIBLE, 'gi');
const MAY_BE_HIDDEN =
  /\u034f|[[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u115f\u1160\u3164\uffa0]|[\ufe00-\ufe0f]|%[CcEe][2Ff]%|&[#szZ]|\\u/;

/** Without the colours and the invisible characters that may stand within a secret or its key. */
export function withoutHidden(text: string): string {
  return MAY_BE_HIDDEN.test(text) ? text.replace(HIDDEN, '') : text;
}

export function withoutUnseen(text: string): string {
  return MAY_BE_HIDDEN.test(text) ? text.replace(UNSEEN, '') : text;
}
