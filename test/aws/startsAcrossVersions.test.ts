import { readFileSync } from 'node:fs';
import { createGates } from '../../shared/aws/gate.ts';
import { fromItem, toItem } from '../../shared/aws/storedState.ts';
import { createTasks } from '../../shared/aws/tasks.ts';
import type { AppState } from '../../shared/domain/state.ts';
import { start } from '../../shared/perform/starts.ts';
import { anApp, aStage, aTask, aTime, MINUTE } from '../builders.ts';

/** A release task whose start is pending while one version of the functions replaces another. */

const ITEM = readFileSync('test/aws/items/migrating.json', 'utf8');
const app = anApp({ before: [aTask('db-migrate', { command: ['npm', 'run', 'migrate'] })] });
const NETWORK = { subnets: ['subnet-1'], securityGroups: ['sg-1'], assignPublicIp: false };

/** The request that the first versions sent for the item, and have to send again after a lost answer. */
const SENT =
  '{"cluster":"app-prod","taskDefinition":"arn:aws:ecs:us-east-1:123456789012:task-definition/db-migrate:11","clientToken":"cffa39aed6bb516a33fd42fc5c38caa4bd3ab6a3d713d66614cfa3254b6c1628","startedBy":"fairway/release-4","count":1,"overrides":{"containerOverrides":[{"name":"db-migrate","command":["npm","run","migrate"]}]},"networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-1"],"securityGroups":["sg-1"],"assignPublicIp":"DISABLED"}},"launchType":"FARGATE"}';

/** What RunTask is called with for the pending start of a state. */
async function sentFor(state: AppState): Promise<string> {
  const sent: string[] = [];
  const client = {
    send: async ({ input }: { readonly input: unknown }) => {
      sent.push(JSON.stringify(input));
      return { tasks: [{ taskArn: 'task/1' }] };
    },
  };
  const taskDefinition = async () => ({ taskDefinition: { networkMode: 'awsvpc' }, tags: [] });
  const tasks = createTasks(Object(client), aTime(), createGates(aTime(), false), taskDefinition);
  const networkAndCapacity = async () => ({
    network: NETWORK,
    capacity: { launchType: 'FARGATE' as const },
  });
  const entry = state.outbox.find(({ effect }) => effect.kind === 'startRun');
  if (entry?.effect.kind !== 'startRun') throw new Error('no start is pending');
  const ecs = { ...tasks, taskDefinition, networkAndCapacity };
  await start(ecs, entry.since + MINUTE, app, entry.effect, entry.attempt);
  return sent[0] ?? '';
}

/** The item with another pending start. */
function itemWith(start: object): string {
  const item = JSON.parse(ITEM);
  const outbox = item.outbox.map((entry: { effect: { kind: string } }) =>
    entry.effect.kind === 'runTask' ? { ...entry, ...start } : entry,
  );
  return JSON.stringify({ ...item, outbox });
}

function pendingIn(item: unknown): { key: string; effect: object }[] {
  const { outbox } = JSON.parse(JSON.stringify(item));
  return outbox.filter(({ key }: { key: string }) => key.startsWith('run:'));
}

describe('a start that an earlier version has sent, and whose answer was lost', () => {
  it('is repeated byte for byte, so that ECS does not start the migration again', async () => {
    expect(await sentFor(fromItem(ITEM))).toBe(SENT);
  });

  it('is repeated with the place that was decided for it', async () => {
    const runTask = JSON.parse(ITEM).outbox.find(({ key }: { key: string }) => key === 'run:db-migrate:0');
    const place = {
      network: { ...NETWORK, subnets: ['subnet-2'] },
      capacity: { launchType: 'EC2' },
      launch: { tags: [{ key: 'CostCenter', value: '42' }] },
    };
    const state = fromItem(itemWith({ effect: { ...runTask.effect, place } }));
    const expected = SENT.replace('subnet-1', 'subnet-2').replace(
      '"FARGATE"}',
      '"EC2","tags":[{"key":"CostCenter","value":"42"}]}',
    );
    expect(await sentFor(state)).toBe(expected);
  });

  it('is looked for once its release is cancelled, with what is known of the release', () => {
    const stage = aStage(app, fromItem(ITEM));
    stage.when({ type: 'operator', request: { command: 'cancel', app: 'web', who: 'ann' } });
    expect(stage.pending('startRun')[0]?.effect.find).toMatchObject({ known: [], sentBefore: true });
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] });
    expect(stage.pending('stopTask')[0]?.effect.taskArn).toBe('task/1');
  });

  it('is still looked for where an earlier version had begun to', () => {
    const findTask = { kind: 'findTask', task: 'db-migrate', releaseId: 'release-4', attempt: 0, looks: 2 };
    const item = JSON.parse(itemWith({ effect: { ...findTask, sentBefore: true } }));
    item.release.failure = {
      outcome: 'rolledBack',
      at: item.release.startedAt,
      cause: { kind: 'person', sentence: 'ann canceled v1.', evidence: [], canHeal: false },
    };
    const stage = aStage(app, fromItem(JSON.stringify(item)));
    expect(stage.pending('startRun')[0]?.effect.find).toMatchObject({ maybeSent: true, known: [] });
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] });
    stage.when({ type: 'taskStopped', taskArn: 'task/1', scaledIn: false });
    const task = { taskArn: 'task/1', found: true, lastStatus: 'STOPPED', scaledIn: false, exitCodes: {} };
    stage.answer('lookAtTask', { kind: 'taskSeen', task });
    expect(stage.state.ended[0]?.end).toMatchObject({
      outcome: 'rolledBack',
      reason: 'ann canceled v1. db-migrate was stopped. No service was changed.',
    });
  });
});

describe('a start that this version has decided', () => {
  const starting = () => aStage(app).adopted().later(MINUTE).prepared('1.1.0');

  it('is written as earlier versions read it, token and startedBy included', () => {
    const { state } = starting();
    const [pending] = pendingIn(toItem(state));
    expect(pending).toMatchObject({
      key: 'run:db-migrate:1',
      effect: { kind: 'runTask', task: 'db-migrate', releaseId: state.release?.id, attempt: 1 },
    });
    expect(JSON.parse(JSON.stringify(toItem(state)))).toMatchObject({
      runs: [],
      release: { tasks: [{ name: 'db-migrate', phase: 'before', state: 'starting', attempt: 1 }] },
    });
  });

  it('is looked for under the same key once its release has failed', () => {
    const stage = starting();
    stage.when(
      { type: 'operator', request: { command: 'cancel', app: 'web', who: 'ann' } },
      { contended: true },
    );
    expect(pendingIn(toItem(stage.state))).toMatchObject([
      { key: 'run:db-migrate:1', effect: { kind: 'findTask', releaseId: stage.state.release?.id, looks: 0 } },
    ]);
    expect(JSON.parse(JSON.stringify(toItem(stage.state))).release.tasks[0].giveUpAt).toBeGreaterThan(
      stage.now,
    );
  });

  it.each<[string, (stage: ReturnType<typeof starting>) => void]>([
    ['starting', () => {}],
    [
      'looked for',
      (stage) =>
        stage.when(
          { type: 'operator', request: { command: 'cancel', app: 'web', who: 'ann' } },
          { contended: true },
        ),
    ],
    ['running', (stage) => stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] })],
    [
      'stopping',
      (stage) => {
        stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] });
        stage.when({ type: 'operator', request: { command: 'cancel', app: 'web', who: 'ann' } });
      },
    ],
  ])('is read as it was written: %s', (_, play) => {
    const stage = starting();
    play(stage);
    const read = fromItem(JSON.stringify(toItem(stage.state)));
    expect(read.outbox.map(({ key, effect }) => ({ key, effect }))).toEqual(
      stage.state.outbox.map(({ key, effect }) => ({ key, effect })),
    );
    const [run] = stage.state.runs;
    expect(read.runs).toHaveLength(1);
    expect(read.runs[0]).toMatchObject({
      id: run?.id,
      owner: run?.owner,
      state: run?.state,
      attempt: run?.attempt,
      revision: run?.revision,
      tasks: run?.tasks,
      ...(run?.endsAs && { endsAs: run.endsAs, deadline: run.deadline, reason: run.reason }),
    });
  });
});
