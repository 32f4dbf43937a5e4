import type { Answer } from '../domain/answers.ts';
import { redact } from '../domain/redaction/redact.ts';
import type { Cause } from '../domain/release.ts';
import { causesOfTasks } from '../later.ts';
import type { AwsFault } from '../ports.ts';

export type Refused = Extract<Answer, { kind: 'refused' }>;
type Retry = Extract<Answer, { kind: 'retry' }>;
export type NotStarted = Extract<Answer, { kind: 'taskNotStarted' }>;

/** Longest wait before something is tried again, milliseconds. */
const LONGEST_WAIT = 60_000;

/** What AWS answered instead of doing it: tried again later, or refused with what a person can do about it. */
export function answerFault(fault: AwsFault, attempt: number): Refused | Retry {
  if (fault.passing) return retryLater(fault, attempt);
  const words = fault.cause instanceof Error ? fault.cause.message : fault.message;
  const { kind, advice } = adviceOn(fault);
  return refused(kind, `AWS refused it: ${fault.message.replace(/\.$/, '')}.${advice}`, [words]);
}

/** Tried again later, whatever AWS answered. */
export function retryLater(fault: AwsFault, attempt: number): Retry {
  const wait = 1_000 * 2 ** attempt * (0.75 + Math.random() / 2);
  return {
    kind: 'retry',
    wait: Math.min(Math.round(wait), LONGEST_WAIT),
    why: whyRefused(fault),
    ...(fault.throttling && { throttling: fault.throttling }),
  };
}

/** AWS's words, and what a person can do about them. */
export function whyRefused(fault: AwsFault): string {
  if (fault.passing) return fault.message;
  return redact(`${fault.message.replace(/\.$/, '')}.${adviceOn(fault).advice}`);
}

/** Names and words of AWS for a call that someone has to allow first, or for credentials that it does not accept. */
const DENIAL =
  /AccessDenied|Unauthorized|not authorized|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|OptInRequired|KmsException/;

export function isDenial(fault: AwsFault): boolean {
  return DENIAL.test(`${fault.code} ${fault.message}`);
}

function adviceOn(fault: AwsFault): { kind: string; advice: string } {
  if (isDenial(fault)) {
    return { kind: 'accessDenied', advice: ` ${adviceOnDenial(fault)}` };
  }
  if (/Unable to describe task definition/i.test(fault.message)) {
    return {
      kind: 'noTaskDefinition',
      advice: ' There is no such task definition: create it, or fix `taskDefinition` in fairway.yml.',
    };
  }
  if (/task ?definition is inactive/i.test(fault.message)) {
    return { kind: 'revisionInactive', advice: ' The revision was deregistered: register it again.' };
  }
  if (/^(Service|Cluster|Repository)NotFoundException$/.test(fault.code)) {
    return { kind: 'notFound', advice: ' Create it, or fix its name in fairway.yml.' };
  }
  return { kind: 'refusedByAws', advice: '' };
}

/** Words of AWS about a repository whose account is not that of the caller, and does not allow the call. */
const FOREIGN_REPOSITORY =
  /^(?!.*no identity-based policy).*arn:[\w-]+:\w+::(\d{12}):.* on resource: arn:[\w-]+:ecr:([\w-]+):(?!\1)(\d{12}):repository\/([^\s,]+)/s;

function adviceOnDenial(fault: AwsFault): string {
  const named = /not authorized to perform: ([\w-]+:\w+)/.exec(fault.message)?.[1];
  const permission = named ?? /^[\w-]+:\w+/.exec(fault.message)?.[0] ?? 'this';
  const [, , region, account, repository] = FOREIGN_REPOSITORY.exec(fault.message) ?? [];
  if (repository !== undefined)
    return `Allow ${permission} in the policy of the repository ${repository.replace(/\.$/, '')} in ${account}, ${region}: \`fairway forwarding\` shows how.`;
  const how =
    permission === 'iam:PassRole'
      ? 'name the role as `taskRole`, `executionRole` or `volumeRole` in fairway.yml, then deploy its stack again'
      : 'deploy its stack again after changing fairway.yml';
  return `Fairway has no permission for ${permission}: ${how}.`;
}

/**
 * Words of RunTask, in its `failures` or as an error, for what passes when other tasks end or instances come. Sources:
 * Amazon ECS Developer Guide, "API failure reasons"; for quotas and what provisions, "Service event messages".
 */
const NO_ROOM =
  /RESOURCE:|Capacity is unavailable|^AGENT|EMPTY CAPACITY|reached the limit on the number of|provisioning capacity limit/;

export function isForRoom(words: string): boolean {
  return NO_ROOM.test(words);
}

/** What RunTask says instead of starting a task. */
export async function notStarted(task: string, failure: string): Promise<NotStarted> {
  const capacity = isForRoom(failure);
  const words = failure.replace(/\.$/, '');
  const sentence = capacity
    ? `There was no capacity to start ${task}: ${words}.`
    : `ECS did not start ${task}: ${words}.`;
  const { diagnoseTask } = await causesOfTasks();
  const { advice } = diagnoseTask({ stoppedReason: failure, containers: [] });
  const cause = {
    ...causeOf(capacity ? 'capacity' : 'notStarted', sentence, [failure]),
    ...(advice === undefined ? {} : { advice }),
  };
  return { kind: 'taskNotStarted', cause, capacity };
}

/** A task whose start has been unanswered for this long is never started again: unknown is failure. */
export const UNKNOWN_AFTER = 45 * 60_000;

export function unknownStart(task: string): NotStarted {
  const sentence = `Whether ${task} was started is unknown: ECS has not answered for 45 minutes.`;
  return { kind: 'taskNotStarted', cause: causeOf('unknownStart', sentence), capacity: false };
}

export function refused(kind: string, sentence: string, evidence: readonly string[] = []): Refused {
  return { kind: 'refused', cause: causeOf(kind, sentence, evidence) };
}

/** A cause that waiting cannot heal, without secrets: its words are AWS's. */
export function causeOf(kind: string, sentence: string, evidence: readonly string[] = []): Cause {
  return { kind, sentence: redact(sentence), evidence: evidence.map(redact), canHeal: false };
}

/** Of a task that was taken out of the configuration. */
export function goneFrom(task: string): Refused {
  return refused('notConfigured', `${task} is no longer in fairway.yml.`);
}
