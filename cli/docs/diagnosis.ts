import { EXITS } from '../../shared/domain/diagnosis/exits.ts';
import { EVENTS } from '../../shared/domain/diagnosis/serviceEvents.ts';
import type { Wording } from '../../shared/domain/diagnosis/wording.ts';
import { WORDINGS } from '../../shared/domain/diagnosis/wordings.ts';
import { diagnoseTask } from '../../shared/domain/diagnosis.ts';

/** docs/diagnosis.md: every cause, as the code knows it. */

interface Row {
  readonly kind: string;
  readonly sentence: string;
  readonly advice?: string;
  readonly canHeal: boolean;
}

/** What Fairway itself finds, and what AWS answers to its calls: no task says these. */
const OWN: readonly Row[] = [
  own(
    'accessDenied',
    'Fairway has no permission for a call.',
    'Name what it needs in fairway.yml and deploy its stack again.',
  ),
  own(
    'circuitBreaker',
    'ECS gave up the deployment, and no task tells why.',
    "Look at AWS's own words and the service's events.",
  ),
  own(
    'controller',
    'The service is not deployed by ECS itself.',
    'Use the ECS deployment controller, or take the service out.',
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
    'Push it again, or mend `image` in fairway.yml.',
  ),
  own(
    'launchSettings',
    'A task cannot be started like its service: a volume is configured at launch, or ECS Exec has no task role.',
    'Set `volumeRole` in fairway.yml, configure the volume on the service, or add a task role to the definition; then deploy the stack again.',
  ),
  own(
    'neverStarted',
    'A task stopped and its container never ran.',
    'Look at the other containers of the task.',
  ),
  own(
    'noContainer',
    'No container of the definition takes the image.',
    'Name it in `containers`, or mend its image.',
  ),
  own('noDeployment', 'The service has no deployment.', 'Look at the service in ECS.'),
  own(
    'noTaskDefinition',
    'There is no such task definition.',
    'Register it, or mend its name in fairway.yml.',
  ),
  own(
    'notAnImage',
    'What was asked for is not an image: a chart, an SBOM, a signature or a build cache.',
    'Deploy the tag of an image.',
  ),
  own('notConfigured', 'A task is no longer in fairway.yml.', 'Put it back, or deploy the stack again.'),
  own(
    'notFound',
    'A service, cluster or repository does not exist.',
    'Create it, or mend its name in fairway.yml.',
  ),
  own('notStarted', 'ECS refused to start a task.', "Look at AWS's own words."),
  own('person', 'A person stopped it.', 'Ask them: their name is in the message.'),
  own('refusedByAws', 'AWS refused a call for another reason.', "Look at AWS's own words."),
  own('revisionInactive', 'The revision was deregistered.', 'Register it again.'),
  own('serviceMissing', 'There is no such service.', 'Create it, or mend its name in fairway.yml.'),
  own('serviceNotActive', 'The service is being deleted.', 'Create it again, or take it out.'),
  own('strategy', 'The service uses another strategy than ROLLING.', 'Use ROLLING, or take the service out.'),
  own('tasksStopped', 'Tasks stopped and none became healthy.', 'Look at the stopped tasks.'),
  own(
    'timeout',
    'It took longer than it may.',
    'Look at what it waits for, or raise the timeout in fairway.yml.',
  ),
  own('unknown', "AWS's own words, where nobody has better ones.", 'Tell us: the words can be taught.'),
  own('unknownStart', 'Whether a task was started is not known.', 'Look for it in ECS before you try again.'),
  own('vanished', 'ECS no longer knows a task.', 'Look at its log: how it ended cannot be told.'),
];

function own(kind: string, sentence: string, advice: string): Row {
  return { kind, sentence, advice, canHeal: false };
}

/** The page. */
export function diagnosisReference(): string {
  return `# Causes

When something fails, Fairway names the **first cause** in one sentence, says what mends it, and quotes AWS's own words below. Where several tasks stopped, the one that stopped first speaks, and what only followed from it (a container that was asked to stop, a sidecar that may end as it likes) does not; nor does what came from outside (a person, Spot, an instance or a runtime that gave way, a lack of capacity, throttling) where a task also failed by itself. What people have named (images, roles, log groups, paths) is never read as AWS's words. Where AWS says whose policy does not allow something (of a VPC endpoint, of the organization), the advice says so first. Words that nobody has taught it are passed on as they are, on one line.

The kind stands in the message attribute \`cause\` of SNS, for filters. **At once** means: no other task of the rollout can do better, so the release ends without waiting for ECS's circuit breaker.

## Why tasks stop

By the stop code, the reasons and the exit codes that DescribeTasks answers. Where a container ended by itself and \`logGroup\` lets Fairway read what it wrote, the sentence quotes the last line that tells of an error ("Container web exited with code 1; its log says …"); \`exec format error\` there makes the cause \`wrongPlatform\`, a heap that ran out \`outOfMemory\`.

${table(tasks())}
## Why a service does not go on

By the service's own events, where no task tells: tasks that cannot be placed never stop.

The health of targets is known from these events and from stopped reasons alone: Fairway makes no calls to Elastic Load Balancing. ECS words its reason codes: "Request timed out" is \`Target.Timeout\`, "Health checks failed with these codes" \`Target.ResponseCodeMismatch\`, and "Health checks failed" \`Target.FailedHealthChecks\` ([TargetHealth](https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html)). A stopped reason names none of them; where a task was stopped for its target's health, the events are read beside it, and the cause tells port, codes and how soon after the start.

${table(EVENTS.map((wording) => rowOf(wording, 'web-app')))}
## What Fairway finds itself

${table(OWN)}`;
}

/** Every kind that the page names. */
export function documentedKinds(): ReadonlySet<string> {
  return new Set([...tasks(), ...EVENTS, ...OWN].map(({ kind }) => kind));
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

/** As it reads where AWS's words say no more than they must. */
function rowOf({ kind, say, advice, canHeal }: Wording, subject: string): Row {
  const nothing = /(?:)/.exec('');
  const sentence = nothing ? plain(say(subject, nothing)) : '';
  return { kind, sentence, canHeal, ...(advice === undefined ? {} : { advice }) };
}

/** Without the places where AWS's words name something. */
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
  return [
    '| cause | what people read | what mends it | ends a rollout |',
    '|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
