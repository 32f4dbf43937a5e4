import { APPLICATION } from '../../shared/domain/diagnosis/application.ts';
import type { AppRow } from '../../shared/domain/diagnosis/appRow.ts';
import { EXITS } from '../../shared/domain/diagnosis/exits.ts';
import { PROBES } from '../../shared/domain/diagnosis/probes.ts';
import { EVENTS } from '../../shared/domain/diagnosis/serviceEvents.ts';
import type { Wording } from '../../shared/domain/diagnosis/wording.ts';
import { WORDINGS } from '../../shared/domain/diagnosis/wordings.ts';
import { diagnoseTask } from '../../shared/domain/diagnosis.ts';
import { addressIn } from '../../shared/domain/logs/choose.ts';
import { HEADS } from '../../shared/domain/logs/heads.ts';
import { type Mark, NOISE } from '../../shared/domain/logs/noise.ts';

/** docs/diagnosis.md: every cause in the code. */

interface Row {
  readonly kind: string;
  readonly sentence: string;
  readonly advice?: string;
  readonly canHeal: boolean;
}

/** Causes that Fairway finds itself or that AWS returns for its calls, not for a task. */
const OWN: readonly Row[] = [
  own(
    'accessDenied',
    'Fairway has no permission for a call.',
    'Add the missing resource to fairway.yml and deploy the stack again.',
  ),
  own(
    'circuitBreaker',
    'ECS marked the deployment as failed, and no task shows why.',
    "Read AWS's message and the service's events.",
  ),
  own(
    'controller',
    'The service does not use the ECS deployment controller.',
    'Use the ECS deployment controller, or remove the service from fairway.yml.',
  ),
  own(
    'resetWeights',
    'The production listener rule does not point at the target group of what runs, and `onResetWeights` is `refuse`.',
    'Give that target group all the weight, and let infrastructure code ignore the weights.',
  ),
  own(
    'foreignDeployment',
    'The service was deployed outside Fairway.',
    'Resume when Fairway should deploy again.',
  ),
  own(
    'stoppedInEcs',
    'A person stopped the deployment in ECS (StopServiceDeployment).',
    'Resume when Fairway should deploy again.',
  ),
  own(
    'imageNotFound',
    'The tag that a task is pinned to does not exist.',
    'Push it again, or fix `image` in fairway.yml.',
  ),
  own(
    'launchSettings',
    'A task cannot be started like its service: a volume is configured at launch, or ECS Exec has no task role.',
    'Set `volumeRole` in fairway.yml, configure the volume on the service, or add a task role to the definition; then deploy the stack again.',
  ),
  own(
    'neverStarted',
    'A task stopped and its container never ran.',
    'Check the other containers of the task.',
  ),
  own(
    'noContainer',
    'No container of the task definition uses the image.',
    'Name the container in `containers`, or fix its image.',
  ),
  own('noDeployment', 'The service has no deployment.', 'Check the service in ECS.'),
  own(
    'noTaskDefinition',
    'The task definition does not exist.',
    'Register it, or fix its name in fairway.yml.',
  ),
  own(
    'notAnImage',
    'The requested artifact is not an image but a chart, an SBOM, a signature or a build cache.',
    'Deploy the tag of an image.',
  ),
  own('notConfigured', 'A task is no longer in fairway.yml.', 'Add it again, or deploy the stack again.'),
  own(
    'notFound',
    'A service, cluster or repository does not exist.',
    'Create it, or fix its name in fairway.yml.',
  ),
  own('notStarted', 'ECS refused to start a task.', "Read AWS's message."),
  own('person', 'A person stopped it.', 'Ask them: their name is in the message.'),
  own('refusedByAws', 'AWS refused a call for another reason.', "Read AWS's message."),
  own('revisionInactive', 'The revision was deregistered.', 'Register it again.'),
  own('serviceMissing', 'The service does not exist.', 'Create it, or fix its name in fairway.yml.'),
  own('serviceNotActive', 'The service is being deleted.', 'Create it again, or remove it from fairway.yml.'),
  own(
    'strategy',
    'The service uses another strategy than ROLLING.',
    'Use ROLLING, or remove the service from fairway.yml.',
  ),
  own('tasksStopped', 'Tasks stopped and none became healthy.', 'Check the stopped tasks.'),
  own(
    'timeout',
    'It exceeded its timeout, and neither a task nor an event shows why.',
    'Check what it waits for, or increase the timeout in fairway.yml.',
  ),
  own('unknown', "AWS's message, for which Fairway has no explanation.", 'Open an issue with the message.'),
  own(
    'unknownStart',
    'It is unknown whether a task was started.',
    'Search for it in ECS before you try again.',
  ),
  own('vanished', 'ECS no longer has the task, so how it ended is unknown.', 'Read its log.'),
];

function own(kind: string, sentence: string, advice: string): Row {
  return { kind, sentence, advice, canHeal: false };
}

/** What a pattern finds where it looks for nothing. */
const NOTHING: RegExpExecArray = Object.assign([''] as [string], { index: 0, input: '' });

/** The page. */
export function diagnosisReference(): string {
  return `# Failure causes

When something fails, Fairway names the **first cause** in one sentence, says how to fix it, and quotes AWS below. If several tasks stopped, the first task to stop is reported. Follow-on failures (a container that was asked to stop, a nonessential sidecar) are not. External causes (a person, Spot, a failed instance or runtime, a lack of capacity, throttling) are not reported if a task also failed on its own. Names that people choose (images, roles, log groups, paths) are never interpreted as AWS's message. If AWS says whose policy denies something (of a VPC endpoint, of the organization), the advice says so first. Unknown messages are shown unchanged, on one line.

The column *cause* is the SNS message attribute \`cause\`, for filters. **At once** means that every other task of the rollout would fail, too: the release ends without waiting for ECS's circuit breaker.

## Why tasks stop

From the stop code, the reasons, the attachments, the health status and the exit codes of DescribeTasks. Sentences name the role, action, secret, image, host or log group that AWS names; here they read as they do where AWS names none. If AWS cut its words (they end in "..." or at 255 or 1,024 characters), the sentence says so, and the advice lists what it may be. An exit code that follows from a stop by ECS is not reported as the container's own end.

${table(tasks())}
## Why an application exited

If a container exited on its own and \`logGroup\` names its log group, Fairway reads the last 500 events of each container and chooses the line that says why. It splits events into lines, reads the level and the message out of JSON and logfmt, and ranks: the level; how a runtime begins such a line (${names(HEADS)}); words of failure; a cause of the table below; a host with its port. It ranks lowest: ${names(NOISE)}. The message shows twelve lines: that one and its neighbors, and lines of other containers only where room is left. If no line reports a failure, the sentence quotes the last one that is no noise ("its log ends with …"). Ranking reads the text as it was written, whole events are then masked, and lines are cut last.

10,000 lines (1 MB) take 0.1 to 0.5 s of processor time, in proportion to their number (\`npm run bench:lines\`, Node 20.20.2, 2 cores that were not idle).

Kind, sentence and advice come from the same line. A line that the table does not know keeps the kind \`crash\` and is quoted.

${table(APPLICATION.map(applicationRow))}
## What a log says about failed health checks

If a health check fails (\`targetHealth\`, \`containerHealth\`), the sentence also quotes a line of the log, where one is about the check:

| the log says that | for example | how to fix it |
|---|---|---|
${PROBES.map(({ what, example, advice }) => `| ${cell(what)} | \`${cell(example)}\` | ${cell(advice || 'By the code of the answer, below.')} |`).join('\n')}

## Why a service makes no progress

From the service's events, if no task shows the cause: tasks that cannot be placed never stop.

The health of targets is known from these events and from stopped reasons. ECS describes the reason codes in words: "Request timed out" is \`Target.Timeout\`, "Health checks failed with these codes" \`Target.ResponseCodeMismatch\`, and "Health checks failed" \`Target.FailedHealthChecks\` ([TargetHealth](https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html)). A stopped reason names none of them. If a task was stopped because of its target's health, Fairway also reads the events, and the cause names the port, the codes, how soon after the start it happened, and the service's \`healthCheckGracePeriodSeconds\`. Advice about that period is left out for a task that ran for more than 300 s after it.

With \`diagnosis: { loadBalancers: true }\` in \`fairway.yml\`, Fairway also reads the target group that AWS names, with two calls (DescribeTargetGroups, DescribeTargetHealth) for each failed health check and for no other failure. The sentence then continues with the settings of the check and the health of the targets at that moment: "…; target group web expects 200 for GET /healthz by HTTP on port 8080 (every 10 s, within 5 s, unhealthy after 2 failures); healthy targets: 1 of 2". If neither the task nor the events say how the check fails, the codes come from the unhealthy targets, and the advice with them. If the target group cannot be read, the cause stays and the advice says so.

${table(EVENTS.map((wording) => rowOf(wording, 'web-app')))}
## What Fairway finds itself

${table(OWN)}`;
}

/** Every kind that the page names. */
export function documentedKinds(): ReadonlySet<string> {
  return new Set([...tasks(), ...EVENTS, ...APPLICATION, ...OWN].map(({ kind }) => kind));
}

function tasks(): Row[] {
  const exits = Object.entries(EXITS).map(([code, { kind, means, advice, canHeal }]) => ({
    kind,
    sentence: `Container web exited with code ${code}: ${means}.`,
    canHeal,
    ...(advice === undefined ? {} : { advice }),
  }));
  const stopCodes = ['UserInitiated', 'SpotInterruption', 'InfrastructureHealth'].map((stopCode) =>
    diagnoseTask({ stopCode, containers: [] }),
  );
  const scaledIn = diagnoseTask({ stoppedReason: 'Scaling activity initiated by', containers: [] });
  const other = diagnoseTask({ containers: [{ name: 'web', exitCode: 1 }] });
  return [
    ...WORDINGS.map((wording) => rowOf(wording, 'Container web')),
    other,
    ...exits,
    ...stopCodes,
    scaledIn,
  ];
}

/** As it reads for the example of the row. */
function applicationRow({ kind, pattern, means, advice, example, canHeal }: AppRow): Row {
  const found = pattern.exec(example);
  const why = found ? `: ${means(found, addressIn(example))}` : '';
  return {
    kind,
    sentence: `Container web exited with code 1${why}; its log says "${example}".`,
    advice: typeof advice === 'string' ? advice : advice(found ?? NOTHING),
    canHeal: canHeal ?? true,
  };
}

function names(marks: readonly Mark[]): string {
  return marks.map(({ what }) => what).join(', ');
}

/** How it reads if AWS's message contains only the required words. */
function rowOf({ kind, say, advice, canHeal }: Wording, subject: string): Row {
  const sentence = plain(say(subject, NOTHING, ''));
  return { kind, sentence, canHeal, ...(advice === undefined ? {} : { advice }) };
}

/** Without the parts that AWS's message fills. */
function plain(sentence: string): string {
  return sentence.replace(/: (undefined)?\.$/, '.').replace(':  is used up', ': CPU or memory is used up');
}

function table(rows: readonly Row[]): string {
  const lines = rows
    .filter(
      (row, index) =>
        rows.findIndex((other) => other.kind === row.kind && other.sentence === row.sentence) === index,
    )
    .toSorted((a, b) => a.kind.localeCompare(b.kind))
    .map(
      ({ kind, sentence, advice = '', canHeal }) =>
        `| \`${kind}\` | ${cell(sentence)} | ${cell(advice)} | ${canHeal ? '' : 'at once'} |`,
    );
  return ['| cause | message | how to fix it | ends a rollout |', '|---|---|---|---|', ...lines, ''].join(
    '\n',
  );
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
