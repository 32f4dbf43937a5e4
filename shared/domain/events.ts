import type { Answer } from './answers.ts';
import type { App } from './app.ts';
import type { Finding } from './listing.ts';
import type { OperatorRequest } from './operator.ts';
import type { AppState } from './state.ts';

/** Everything that can make a decision. */
export type DomainEvent =
  | {
      readonly type: 'imagePushed';
      readonly tag: string;
      readonly digest: string;
      readonly at: number;
      readonly source: 'event' | 'sweep';
      /** Why what was pushed cannot run: a chart, a signature, a build cache. */
      readonly notAnImage?: string;
      readonly found?: Finding;
    }
  | {
      readonly type: 'taskStopped';
      readonly taskArn: string;
      readonly service?: string;
      readonly deploymentId?: string;
      readonly scaledIn: boolean;
    }
  /** A task that Fairway started is running: one whose release has ended is stopped. */
  | { readonly type: 'taskRuns'; readonly taskArn: string; readonly startedBy: string }
  | {
      readonly type: 'deploymentEnded';
      readonly service: string;
      readonly deploymentId: string;
      readonly failed?: boolean;
    }
  /** A lifecycle hook of a deployment changed: a pause began, or ended. */
  | { readonly type: 'hookChanged'; readonly service: string }
  /** ECS says something about a service as a whole. `words`: its reason, such as "RESOURCE:FARGATE". */
  | {
      readonly type: 'serviceAction';
      readonly service: string;
      readonly action: 'placement' | 'startImpaired';
      readonly words?: string;
    }
  | { readonly type: 'tick' }
  | {
      readonly type: 'operator';
      readonly request: Exclude<
        OperatorRequest,
        {
          command:
            | 'status'
            | 'releases'
            | 'why'
            | 'show'
            | 'announce'
            | 'lock'
            | 'redrive'
            | 'runs'
            | 'follow';
        }
      >;
    }
  /** A schedule called. `at`: the time it named. */
  | { readonly type: 'scheduled'; readonly task: string; readonly at: number }
  /** The sweep has compared a schedule with its calls: these times have passed without a call. */
  | { readonly type: 'scheduleChecked'; readonly task: string; readonly missed: readonly number[] }
  /** The sweep cannot list the images. `since`: epoch milliseconds; `why`: AWS's words. */
  | { readonly type: 'listingFailed'; readonly since: number; readonly why: string }
  | { readonly type: 'answered'; readonly key: string; readonly answer: Answer };

/** What `decide` gets besides state and event. */
export interface Circumstances {
  readonly app: App;
  /** Epoch milliseconds. */
  readonly now: number;
  /** A fresh random id, used if a release starts. */
  readonly freshId: string;
  /** Another function may be performing effects right now: what is pending may be in progress. */
  readonly contended: boolean;
}

export interface Decision {
  readonly state: AppState;
  /** Why, in one sentence: for the log, and for the operator who asked. */
  readonly reason: string;
  /** False: nothing is to be written. */
  readonly changed: boolean;
  /** An operator's request that was not carried out. */
  readonly refused?: boolean;
  /** The images should be listed now. */
  readonly wantsListing?: boolean;
}
