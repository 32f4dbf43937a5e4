import type { Answer } from './answers.ts';
import type { Requests } from './requests.ts';
import type { Run } from './run.ts';

/**
 * The table of effects. Each kind has one row here (its answers, who performs it, whose it is, how it is described), its
 * request in `requests.ts`, one row of what its answers mean in `releases/`, `runs/` or `alerts/effects.ts`, and one
 * performer in `perform/`. The compiler names each of these for a kind that is not complete.
 */

export type EffectKind = keyof Requests;

/** The effects of one kind: `EffectOf<'rollBack'>`. */
export type EffectOf<Kind extends EffectKind> = {
  [Each in Kind]: { readonly kind: Each } & Requests[Each];
}[Kind];

/** What is to be done. */
export type Effect = EffectOf<EffectKind>;

/**
 * Whose an effect is: once its owner has ended it is no longer wanted. What has to outlive it (messages, history, log
 * lines, orders to stop a task) is the app's.
 */
type Owner = 'release' | 'alert' | 'app' | { readonly run: string };

interface Declaration<Kind extends EffectKind> {
  /** Who performs it. That decides what goes first: AWS, then the store, then channels. */
  readonly by: 'aws' | 'store' | 'channel';
  /** What it may answer, besides that it is to be retried or is refused. */
  readonly answers: readonly Answer['kind'][];
  readonly owner: (effect: EffectOf<Kind>, runs: readonly Run[]) => Owner;
  /** What it does, for people: "update the service web-app". Absent for messages, which cannot report themselves. */
  readonly describe?: (effect: EffectOf<Kind>) => string;
}

const ofRelease = (): Owner => 'release';
const ofAlert = (): Owner => 'alert';
const ofApp = (): Owner => 'app';
const ofRun = ({ run }: { readonly run: string }): Owner => ({ run });
/** A task belongs to a run while that follows it; the others are of services that a release changes. */
const ofTask = ({ taskArn }: { readonly taskArn: string }, runs: readonly Run[]): Owner => {
  const run = runs.find(
    ({ state, tasks }) => state !== 'ended' && tasks.some((task) => task.taskArn === taskArn),
  );
  return run ? { run: run.id } : 'release';
};
const history = () => 'write its history';
const readServices = () => 'check its services';
const readTasks = () => 'check its tasks';

const EFFECTS = {
  adopt: { by: 'aws', answers: ['adopted'], owner: ofApp, describe: () => 'see what runs' },
  inspectImage: {
    by: 'aws',
    answers: ['imageInspected', 'imageMissing'],
    owner: ofApp,
    describe: ({ tag, digest }) => `look up the image ${tag ?? digest ?? 'that is the newest'}`,
  },
  lookAtServices: { by: 'aws', answers: ['servicesSeen'], owner: ofRelease, describe: readServices },
  readBases: {
    by: 'aws',
    answers: ['basesRead'],
    owner: ofRelease,
    describe: () => 'read its task definitions',
  },
  register: { by: 'aws', answers: ['registered'], owner: ofRelease, describe: () => 'register a revision' },
  lookAtTask: { by: 'aws', answers: ['taskSeen'], owner: ofTask, describe: readTasks },
  stopTask: { by: 'aws', answers: ['done'], owner: ofApp, describe: () => 'stop a task' },
  updateService: {
    by: 'aws',
    answers: ['serviceUpdated', 'foreign', 'serviceDeploymentsRead'],
    owner: ofRelease,
    describe: ({ service }) => `update the service ${service}`,
  },
  lookAtShifts: { by: 'aws', answers: ['shiftsSeen'], owner: ofRelease, describe: readServices },
  answerPause: {
    by: 'aws',
    answers: ['done'],
    owner: ofRelease,
    describe: ({ service }) => `answer the pause of ${service}`,
  },
  readServiceDeployments: {
    by: 'aws',
    answers: ['serviceDeploymentsRead'],
    owner: ofRelease,
    describe: ({ service }) => `find out what ended the deployment of ${service}`,
  },
  findCause: { by: 'aws', answers: ['causeFound'], owner: ofRelease, describe: readTasks },
  countHealthy: { by: 'aws', answers: ['healthyCounted'], owner: ofRelease, describe: readServices },
  rollBack: {
    by: 'aws',
    answers: ['rollingBack', 'stopping', 'foreign', 'unproven'],
    owner: ofRelease,
    describe: ({ service }) => `roll back the service ${service}`,
  },
  prepareRun: {
    by: 'aws',
    answers: ['runPrepared'],
    owner: ofRun,
    describe: ({ task }) => `prepare ${task}`,
  },
  startRun: {
    by: 'aws',
    answers: ['runStarted', 'taskNotStarted'],
    owner: ofRun,
    describe: ({ task, find }) => (find ? `find out whether ${task} was started` : `start ${task}`),
  },
  readLines: { by: 'aws', answers: ['linesRead'], owner: ofApp, describe: () => 'read the log of a task' },
  lookAtStopped: { by: 'aws', answers: ['stoppedSeen'], owner: ofAlert, describe: readTasks },
  lookAtTrouble: { by: 'aws', answers: ['troubleSeen', 'done'], owner: ofAlert, describe: readServices },
  lookForRecovery: { by: 'aws', answers: ['servicesSeen'], owner: ofAlert, describe: readServices },
  recordPush: { by: 'store', answers: ['done'], owner: ofApp, describe: history },
  recordRelease: { by: 'store', answers: ['done'], owner: ofApp, describe: history },
  recordRun: { by: 'store', answers: ['done'], owner: ofApp, describe: history },
  announceRelease: { by: 'channel', answers: ['announced'], owner: ofApp },
  announceRun: { by: 'channel', answers: ['announced'], owner: ofApp },
  announceAlert: { by: 'channel', answers: ['announced'], owner: ofApp },
  announceApp: { by: 'channel', answers: ['announced'], owner: ofApp },
} as const satisfies { readonly [Kind in EffectKind]: Declaration<Kind> };

type By<Performer extends Declaration<EffectKind>['by']> = {
  [Kind in EffectKind]: (typeof EFFECTS)[Kind]['by'] extends Performer ? Kind : never;
}[EffectKind];

/** Kinds that are performed on ECS and ECR. */
export type EcsKind = By<'aws'>;
export type EcsEffect = EffectOf<EcsKind>;
export type StoreEffect = EffectOf<By<'store'>>;
export type ChannelEffect = EffectOf<By<'channel'>>;
export type AlertLook = EffectOf<'lookAtStopped' | 'lookAtTrouble' | 'lookForRecovery'>;

/** What an effect of this kind may answer, besides that it is to be retried or is refused. */
export type AnswerTo<Kind extends EffectKind> = {
  [Each in Kind]: Extract<Answer, { kind: (typeof EFFECTS)[Each]['answers'][number] }>;
}[Kind];

/** What performing an effect of this kind comes to. */
export type ResultOf<Kind extends EffectKind> =
  | AnswerTo<Kind>
  | Extract<Answer, { kind: 'retry' | 'refused' }>;

const DECLARED: { readonly [Kind in EffectKind]: Declaration<Kind> } = EFFECTS;

/** Whether the answer is one to this kind of effect: another one may have taken its place meanwhile. */
export function isAnswerTo<Kind extends EffectKind>(
  { kind }: { readonly kind: Kind },
  answer: Answer,
): answer is AnswerTo<Kind> {
  return DECLARED[kind].answers.includes(answer.kind);
}

/** Whose the effect is, given the runs of its app. */
export function ownerOf<Kind extends EffectKind>(effect: EffectOf<Kind>, runs: readonly Run[]): Owner {
  return DECLARED[effect.kind].owner(effect, runs);
}

/** What the effect does, for people; undefined for messages. */
export function describeEffect<Kind extends EffectKind>(effect: EffectOf<Kind>): string | undefined {
  return DECLARED[effect.kind].describe?.(effect);
}

const ORDER = { aws: 0, store: 1, channel: 2 } as const;

/** What goes first: AWS before the ledger, the ledger before announcements. */
export function urgencyOf({ kind }: { readonly kind: EffectKind }): number {
  return ORDER[EFFECTS[kind].by];
}

/** Whether this version has effects of that kind. */
export function isEffectKind(kind: string): kind is EffectKind {
  return Object.hasOwn(EFFECTS, kind);
}

export function isEcsEffect(effect: Effect): effect is EcsEffect {
  return EFFECTS[effect.kind].by === 'aws';
}

export function isOfStore(effect: Effect): effect is StoreEffect {
  return EFFECTS[effect.kind].by === 'store';
}
