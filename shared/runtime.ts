import type { Announcement, AppAnnouncement } from './domain/announcement.ts';
import type { Configuration } from './domain/app.ts';
import type { ResultOf } from './domain/effects.ts';
import type { Location } from './domain/facts.ts';
import type { Pacing, PerformEcs } from './ports.ts';
import type { Store } from './store.ts';

/** What the loop works with. Wired once, in `lambda.ts`. */
export interface Runtime {
  readonly configuration: Configuration;
  readonly location: Location;
  readonly store: Store;
  readonly performEcs: PerformEcs;
  /** At which pace this invocation sends to ECS. */
  readonly pace: Pacing['pace'];
  readonly tell: Tell;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** When this invocation is cut off, epoch milliseconds. Nothing is begun in the last seconds before. */
  readonly deadline: () => number;
  /** Milliseconds. */
  readonly sleep: (span: number) => Promise<void>;
  readonly freshId: () => string;
  /** Names this invocation as the holder of a lease. */
  readonly owner: string;
  /** `level`: `error` for what a person has to look into. Default `info`. */
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>, level?: LogLevel) => void;
  /** Notifies the people who operate Fairway through the stack's own topic, whatever the state of an app. */
  readonly notifyOperations: (announcement: AppAnnouncement) => Promise<void>;
}

type LogLevel = 'info' | 'error';

/** Announces to one channel; never throws. */
export type Tell = (
  channel: string,
  announcement: Announcement,
  memory: string | undefined,
  attempt: number,
) => Promise<ResultOf<'announceRelease'>>;
