import type { Again, Person } from './release.ts';
import type {
  AppStatus,
  FollowedRun,
  PushSummary,
  ReleaseDetail,
  ReleaseSummary,
  RunSummary,
} from './summaries.ts';

/** What a person may ask of Fairway, through `fairway` or by invoking the function `operate`. */
export type OperatorRequest =
  | { readonly command: 'status'; readonly app?: string }
  | { readonly command: 'releases'; readonly app: string; readonly limit?: number }
  /** Without a tag: of the newest push. */
  | { readonly command: 'why'; readonly app: string; readonly tag?: string }
  /** Everything about one release, or about what happened to an order; without either: about the newest release. */
  | { readonly command: 'show'; readonly app: string; readonly release?: number; readonly order?: Order }
  | ({
      readonly command: 'deploy';
      readonly app: string;
      readonly tag?: string;
      /** Stops the open release instead of waiting for its end: what it changed rolls back. */
      readonly now?: true;
      /** Starts although the app is held; needs a reason. */
      readonly despiteHold?: boolean;
      readonly reason?: string;
    } & Again &
      Person)
  /** `to`: a release's number; `tag`: an image that was live. Without either: the image that was live before. */
  | ({
      readonly command: 'rollback';
      readonly app: string;
      readonly to?: number;
      readonly tag?: string;
    } & Person)
  | ({ readonly command: 'hold'; readonly app: string; readonly reason: string } & Person)
  /** `discardWaiting`: what waits is rejected instead of started. */
  | ({
      readonly command: 'resume';
      readonly app: string;
      readonly discardWaiting?: boolean;
    } & Person)
  | ({ readonly command: 'cancel'; readonly app: string } & Person)
  /** `hook`: the pause that the person saw, where several wait. */
  | ({
      readonly command: 'continue';
      readonly app: string;
      readonly hook?: string;
      readonly reason?: string;
    } & Person)
  /** `id`: chosen by who asks, so that asking again for the same run starts no second one. */
  | ({
      readonly command: 'run';
      readonly app: string;
      readonly task: string;
      readonly words?: readonly string[];
      readonly id: string;
    } & Person)
  | ({ readonly command: 'stop'; readonly app: string; readonly run: string } & Person)
  /** `task`: a task, or a run by its id or the beginning of it. Without: of all tasks; without an app: of all apps. */
  | { readonly command: 'runs'; readonly app?: string; readonly task?: string; readonly limit?: number }
  /** How a run goes, with the lines it has logged since `cursor`. `run`: its id, the beginning of it, or its task. */
  | { readonly command: 'follow'; readonly app: string; readonly run: string; readonly cursor?: string }
  /** Sends a test message to one channel, or to every channel that an app uses. */
  | ({ readonly command: 'announce'; readonly channel?: string } & Person)
  /**
   * Keeps two people from applying infrastructure at the same time. `id`: chosen by who asks; the same one takes the
   * lock again, so that it stays for longer. `release`: gives it back.
   */
  | ({ readonly command: 'lock'; readonly id: string; readonly release?: true } & Person)
  /** Retries the parked events of all apps. */
  | ({ readonly command: 'redrive' } & Person);

/** What `operate` answers. `refused`: understood, and not done, with the reason and what to do. */
export type OperatorAnswer =
  | {
      readonly ok: true;
      readonly sentence: string;
      readonly apps?: readonly AppStatus[];
      readonly releases?: readonly ReleaseSummary[];
      readonly pushes?: readonly PushSummary[];
      readonly shown?: ReleaseDetail;
      /** What was ordered: to be sent with `show`, to follow it. */
      readonly order?: Order;
      /** Why the order has no release yet. */
      readonly pending?: string;
      readonly runs?: readonly RunSummary[];
      readonly followed?: FollowedRun;
      readonly channels?: readonly ChannelTest[];
    }
  | { readonly ok: false; readonly error: 'refused' | 'invalid' | 'notFound'; readonly message: string };

/** A deploy or rollback by a person, as far as it is needed to find the release that carries it out. */
export interface Order {
  readonly kind: 'deploy' | 'rollback';
  readonly who: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly tag?: string;
  readonly digest?: string;
  /** The open release that a rollback meets. */
  readonly release?: number;
  /** Whether it stops that release. Otherwise that is the rollback in progress. */
  readonly stops?: boolean;
}

/** What came of a test message. */
export interface ChannelTest {
  readonly channel: string;
  readonly ok: boolean;
  /** Why it did not arrive, and what to do. */
  readonly why?: string;
}
