import type { Json, JsonObject } from '../json.ts';

/** A part of the file that import writes: its content, and comments on places in it. */

export interface Draft {
  readonly value: JsonObject;
  readonly comments: readonly Comment[];
}

export interface Comment {
  /** Where it is: before the member or item at this path, or after the last member of it. */
  readonly path: readonly (string | number)[];
  readonly after?: true;
  readonly text: string;
  /** How many settings the file does not have, which the comment names. */
  readonly lost?: number;
}

/** The draft as a member of a larger one. */
export function under(path: Comment['path'], comments: readonly Comment[]): readonly Comment[] {
  return comments.map((comment) => ({ ...comment, path: [...path, ...comment.path] }));
}

export function drafted(value: JsonObject, ...comments: readonly Comment[]): Draft {
  return { value, comments };
}

/** Drafts as the items of a list. */
export function listOf(drafts: readonly Draft[]): {
  readonly value: readonly Json[];
  readonly comments: readonly Comment[];
} {
  return {
    value: drafts.map(({ value }) => value),
    comments: drafts.flatMap(({ comments }, index) => under([index], comments)),
  };
}
