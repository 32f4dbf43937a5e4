import type { JsonObject } from '../../local/contract.ts';
import type { Disputed } from '../../local/ecs/disputed.ts';
import type { SchemaVersion } from '../../shared/aws/storedState.ts';
import type { Configuration } from '../../shared/domain/app.ts';
import type { OperatorRequest } from '../../shared/domain/operator.ts';
import type { Outage } from './outages.ts';

/** All that one run is made of, drawn from its seed before it begins. Spans are milliseconds. */
export interface Plan {
  readonly seed: number;
  readonly configuration: Configuration;
  /** In their order. */
  readonly actions: readonly Action[];
  readonly weather: Weather;
  readonly outages: readonly Outage[];
  /** The part of ECS's rates that others leave to Fairway; absent: every call is accepted. */
  readonly rateShare?: number;
  /** When the adversary stops, counted from the start. */
  readonly calmAt: number;
  /** The weather from then on. */
  readonly afterwards: Weather;
  /** When the functions change their version, in their order; absent: never. */
  readonly replacements?: readonly Replacement[];
  /** Absent: every service rolls. */
  readonly strategies?: Strategies;
}

/** All functions get another version, one after the other. */
export interface Replacement {
  /** The form of items that the version writes. */
  readonly schema: SchemaVersion;
  /** By function, counted from the start. */
  readonly at: Readonly<Record<string, number>>;
}

/** How services deploy, and what ECS does where its sources do not settle it. */
export interface Strategies {
  /** `deploymentConfiguration` by service. */
  readonly configurations: Readonly<Record<string, JsonObject>>;
  readonly disputed: Partial<Disputed>;
  /** Fairway may read load balancers, and checks the weights of rules before a release. */
  readonly readsLoadBalancers?: boolean;
}

export type Action = { readonly at: number } /** `unheard`: its event is lost, whatever the weather. */ & (
  | ({ readonly kind: 'push'; readonly unheard?: boolean } & Push)
  | { readonly kind: 'deleteTag'; readonly repository: string; readonly tag: string }
  | { readonly kind: 'operate'; readonly request: OperatorRequest }
  /** Someone deploys with another tool: another image, or the same one again. */
  | { readonly kind: 'foreignDeploy'; readonly service: string; readonly otherImage: boolean }
  /** A person deploys the very revision that ran before, stops ECS's deployment, or deploys the same revision again. */
  | { readonly kind: 'deployPrevious' | 'stopDeployment' | 'redeploy'; readonly service: string }
  | { readonly kind: 'scale'; readonly service: string; readonly count: number }
  | { readonly kind: 'stopTask'; readonly service: string }
  /** Someone stops one task of a run. */
  | { readonly kind: 'stopOneOf'; readonly startedBy: string }
  | { readonly kind: 'deregister'; readonly family: string }
  | { readonly kind: 'deleteService'; readonly service: string }
  /** The stack is deployed again with another fairway.yml. */
  | { readonly kind: 'reconfigure'; readonly app: string; readonly change: Reconfiguration }
  /** A CloudWatch alarm that deployments watch. */
  | { readonly kind: 'alarm'; readonly state: 'ALARM' | 'OK' }
  /** Someone answers a pause in ECS itself. */
  | { readonly kind: 'answerHook'; readonly service: string; readonly continues: boolean }
  /** Someone sees a pause, and continues it through Fairway so many milliseconds later. */
  | { readonly kind: 'continueSeen'; readonly service: string; readonly after: number }
  /** Infrastructure code returns the traffic to the first target group. */
  | { readonly kind: 'resetWeights'; readonly service: string }
  /** The table is restored from a backup. */
  | { readonly kind: 'restoreTable'; readonly minutesAgo: number }
);

export type Reconfiguration = 'withoutTasks' | 'oneWave' | 'lastServiceLeft' | 'shortTimeouts' | 'latestBase';

export interface Push {
  readonly repository: string;
  readonly tag: string;
  /** The same content is the same digest. */
  readonly content: string;
  readonly platforms: readonly string[];
  readonly fate: Fate;
}

/** How containers of an image behave. */
export interface Fate {
  readonly service: 'good' | 'crash' | 'lateCrash' | 'unpullable' | 'unhealthy' | 'slow';
  readonly task: 'good' | 'fails' | 'hangs' | 'unpullable' | 'interrupted';
}

/** Probabilities of what goes wrong on its own. */
export interface Weather {
  /** A function dies before, or after, a call. */
  readonly crash: number;
  /** A call is throttled, or answered with 5xx. */
  readonly refused: number;
  /** A call is carried out and its answer is lost. */
  readonly lost: number;
  /** A call takes longer than the SDK waits. */
  readonly slow: number;
  /** A function hangs until Lambda ends it. */
  readonly hang: number;
  /** RunTask finds no capacity. */
  readonly noCapacity: number;
  /** DescribeServices and DescribeTasks answer what was a moment ago. */
  readonly stale: number;
  readonly dropPush: number;
  readonly dropEcs: number;
  readonly duplicate: number;
  readonly delay: number;
  /** A message cannot be sent. */
  readonly mute: number;
  /** Clocks of functions are off by at most this, milliseconds to either side. */
  readonly skew: number;
}
