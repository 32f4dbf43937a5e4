import type { App } from '../../shared/domain/app.ts';
import type { OperatorRequest } from '../../shared/domain/operator.ts';
import { answer } from '../../shared/operate/operate.ts';
import { anApp } from '../builders.ts';
import { aPerformer, aReading, aStore, aWorld } from '../fakes.ts';

const who = 'ann';
/** One request of each command. */
const requests: {
  readonly [Name in OperatorRequest['command']]: Extract<OperatorRequest, { command: Name }>;
} = {
  status: { command: 'status' },
  releases: { command: 'releases', app: 'web' },
  why: { command: 'why', app: 'web' },
  show: { command: 'show', app: 'web' },
  runs: { command: 'runs' },
  follow: { command: 'follow', app: 'web', run: 'report' },
  deploy: { command: 'deploy', app: 'web', who },
  rollback: { command: 'rollback', app: 'web', who },
  hold: { command: 'hold', app: 'web', reason: 'freeze', who },
  resume: { command: 'resume', app: 'web', who },
  cancel: { command: 'cancel', app: 'web', who },
  continue: { command: 'continue', app: 'web', who },
  redrive: { command: 'redrive', who },
  announce: { command: 'announce', who },
  lock: { command: 'lock', id: '12345678', who },
  run: { command: 'run', app: 'web', task: 'report', id: '12345678', who },
  stop: { command: 'stop', app: 'web', run: 'report', who },
};

const refusals = /^the alias `([^`]*)` does not answer `[a-z]+`: invoke the alias `([a-z]+)`, which needs/;

function aPlace(apps: readonly App[]) {
  const { store, items } = aStore();
  return { items, ...aWorld({ apps, store, perform: aPerformer().perform }) };
}

/** The alias that a refusal names; undefined: the alias that was invoked answers. */
async function refusedFor(request: OperatorRequest, qualifier?: string): Promise<string | undefined> {
  const { world } = aPlace([]);
  const answered = await answer(world, request, aReading(), qualifier === undefined ? {} : { qualifier });
  return answered.ok ? undefined : refusals.exec(answered.message)?.[2];
}

async function answeredBy(qualifier?: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const request of Object.values(requests))
    if ((await refusedFor(request, qualifier)) === undefined) names.push(request.command);
  return names;
}

const reads = ['status', 'releases', 'why', 'show', 'runs', 'follow'];

describe('the function operate', () => {
  it.each([
    ['read', reads],
    [
      'operate',
      [...reads, 'deploy', 'rollback', 'hold', 'resume', 'cancel', 'continue', 'redrive', 'announce', 'lock'],
    ],
    ['tasks', [...reads, 'run', 'stop']],
  ])('answers by its alias %s what that is for, and nothing else', async (alias, commands) => {
    expect(await answeredBy(alias)).toEqual(commands);
  });

  it.each([undefined, '$LATEST', '7'])('answers everything without an alias: %s', async (qualifier) => {
    expect(await answeredBy(qualifier)).toEqual(Object.keys(requests));
  });

  it('answers nothing by an alias that is not its own', async () => {
    expect(await answeredBy('live')).toEqual([]);
    expect(await answeredBy('constructor')).toEqual([]);
  });

  it.each([
    ['deploy', 'operate'],
    ['run', 'tasks'],
  ] as const)('names the alias that answers %s: %s', async (command, alias) => {
    expect(await refusedFor(requests[command], 'read')).toBe(alias);
  });

  it.each([
    ['operate', 'freeze'],
    ['tasks', undefined],
    ['read', undefined],
  ])('holds an app by its alias %s: %s', async (qualifier, reason) => {
    const { world, items } = aPlace([anApp()]);
    await answer(world, requests.hold, aReading(), { qualifier });
    expect(items.get('web')?.state.hold?.reason).toBe(reason);
  });
});
