import { commands } from './commands.ts';
import { pad, type Style } from './style.ts';

const options: readonly (readonly [string, string])[] = [
  ['--json', 'the answer as JSON'],
  ['--local URL', 'ask the local cloud at that address instead of AWS'],
  ['--region NAME', "the stack's region; otherwise AWS_REGION or the profile's"],
  ['--stage NAME', "the stack's stage; otherwise the environment of fairway.yml"],
  ['--config FILE', 'the configuration; otherwise FAIRWAY_CONFIG, or fairway.yml in this folder'],
  ['--function NAME', 'the Lambda function to ask; otherwise fairway-<stage>-operate'],
];
const orderOptions: readonly (readonly [string, string])[] = [
  ['-w, --wait', 'show how the release goes, and end with 0 only if it succeeds'],
  ['-y, --yes', 'do not ask for confirmation in production'],
];
/** Options that only one command takes and that its usage does not explain. */
const own: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  deploy: [
    ...orderOptions,
    ['--despite-hold', 'start although the app is held; the hold stays'],
    ['--reason TEXT', 'why, for everyone who is notified of it'],
  ],
  rollback: orderOptions,
  resume: [['--discard-waiting', 'reject what waits instead of starting it']],
  run: [
    ['-d, --detach', 'do not wait: the run goes on by itself'],
    ['-- COMMAND …', "instead of the task's own command"],
  ],
  runs: [
    ['--app APP', 'only those of one app'],
    ['--limit N', 'at most so many, 20 otherwise'],
  ],
};
const examples: Readonly<Record<string, readonly string[]>> = {
  status: ['fairway status', 'fairway status web --json'],
  releases: ['fairway releases web --limit 5'],
  why: ['fairway why web:1.2.0'],
  deploy: [
    'fairway deploy web',
    'fairway deploy web 1.2.0',
    'fairway deploy web 1.2.1 --despite-hold --reason "fixes incident 42"',
  ],
  resume: ['fairway resume web', 'fairway resume web --discard-waiting'],
  rollback: ['fairway rollback web', 'fairway rollback web to v12', 'fairway rollback web to 1.1.0'],
  hold: ['fairway hold web --reason "incident 42: the database is slow"'],
  run: [
    'fairway run web nightly-report',
    'fairway run web nightly-report -- npm run report -- --since 2026-01-01',
    'fairway run web nightly-report --detach',
  ],
  runs: ['fairway runs', 'fairway runs nightly-report --limit 5', 'fairway runs 4f9c2e1b'],
  follow: ['fairway follow web nightly-report', 'fairway follow web 4f9c2e1b'],
  stop: ['fairway stop web nightly-report', 'fairway stop web 4f9c2e1b'],
  announce: ['fairway announce --test', 'fairway announce --test deploys'],
  check: ['fairway check', 'fairway check --config staging.yml'],
  verify: ['fairway verify', 'fairway verify --config staging.yml --region eu-central-1'],
};

/** Columns of a command as it is written. */
const USAGE = 26;

/** The whole help, or that of one command. */
export function helpText(topic: string | undefined, style: Style): string {
  const command = topic === undefined ? undefined : commands[topic];
  const optionLines = options.map(([name, about]) => `  ${pad(name, 18)}${about}`);
  if (command) {
    const shown = examples[topic ?? ''] ?? [];
    return [
      `${style.bold(`fairway ${command.usage}`)}`,
      `  ${command.about}`,
      ...(shown.length > 0 ? ['', style.bold('Examples'), ...shown.map((line) => `  ${line}`)] : []),
      '',
      style.bold('Options'),
      ...(own[topic ?? ''] ?? []).map(([name, about]) => `  ${pad(name, 18)}${about}`),
      ...optionLines,
    ].join('\n');
  }
  return [
    `${style.bold('fairway')}: push an image, and it goes live`,
    '',
    style.bold('Commands'),
    ...Object.values(commands).map(({ usage, about }) => commandLine(usage, about)),
    '',
    style.bold('Options'),
    ...optionLines,
    '',
    ENDS_WITH,
  ].join('\n');
}

const ENDS_WITH = [
  'Ends with 0 when done, 1 when refused or failed, 2 for wrong usage, 3 when AWS cannot be reached;',
  "run and follow with the task's exit code, and like --wait with 130 or 143 where a signal ends them and the rest goes on.",
].join('\n');

/** What it does stands beside how it is written, or below where that is too long. */
function commandLine(usage: string, about: string): string {
  const beside = usage.length < USAGE ? pad(usage, USAGE) : `${usage}\n  ${' '.repeat(USAGE)}`;
  return `  ${beside}${about}`;
}
