import type { App } from '../app.ts';
import type { Release } from '../release.ts';
import type { AppState } from '../state.ts';

/** A deep copy that one decision may write to; no other code sees it before the decision is made. */
export type Draft<T> = T extends (infer Item)[]
  ? Draft<Item>[]
  : T extends readonly (infer Item)[]
    ? Draft<Item>[]
    : T extends object
      ? { -readonly [Member in keyof T]: Draft<T[Member]> }
      : T;

/** One decision in the making. */
export interface Context {
  readonly state: Draft<AppState>;
  readonly app: App;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly freshId: string;
  readonly contended: boolean;
}

export type ReleaseDraft = Draft<Release>;
