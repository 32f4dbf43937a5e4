import { readFileSync } from 'node:fs';
import { fromItem, type SchemaVersion, schemaOf, toItem } from '../../shared/aws/storedState.ts';
import type { AppState } from '../../shared/domain/state.ts';
import { nextBatch } from '../../shared/perform/batch.ts';
import { anApp, aStage, aTask, MINUTE } from '../builders.ts';

/** Functions of two versions that read and write the same items, as during an upgrade or a downgrade. */

const ITEMS = ['migrating', 'rolling', 'rolling-back', 'held'] as const;
const app = anApp({
  services: [
    { name: 'web-app', wave: 1, family: 'web-app', containers: ['web'] },
    { name: 'worker', wave: 2, family: 'worker', containers: ['worker'] },
  ],
  before: [aTask('db-migrate')],
  after: [aTask('smoke-test')],
});

function itemOf(name: (typeof ITEMS)[number]) {
  return readFileSync(`test/aws/items/${name}.json`, 'utf8');
}

function written(state: AppState, schema: SchemaVersion): string {
  return JSON.stringify(toItem(state, schema));
}

/** The same data, in which every object has a member that only a newer version knows. */
function withNewMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNewMembers);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, withNewMembers(member)]);
  return { ...Object.fromEntries(members), ofNewer: { kept: [1] } };
}

describe('an item of the next form', () => {
  it.each(ITEMS)('%s, has all that the older form has', (name) => {
    const state = fromItem(itemOf(name));
    expect(fromItem(written(state, 2), 2)).toEqual(state);
  });

  it.each(ITEMS)('%s, is written back in the form that the earlier version reads', (name) => {
    const next = written(fromItem(itemOf(name)), 2);
    expect(JSON.parse(written(fromItem(next, 2), 1))).toEqual(JSON.parse(itemOf(name)));
  });

  it('keeps what the older form has no place for', () => {
    const { state } = aStage(app, fromItem(itemOf('migrating')));
    const noted = { ...state, runs: state.runs.map((run) => ({ ...run, notTaken: ['a sidecar'] })) };
    expect(fromItem(written(noted, 2), 2)).toEqual(noted);
    expect(fromItem(written(noted, 1), 1).runs.every(({ notTaken }) => notTaken === undefined)).toBe(true);
  });
});

describe('a release that two versions take turns with', () => {
  it.each([[[1, 2]], [[2, 1]], [[1, 2, 2, 1]]] as const)('goes on to its end, forms %j', (forms) => {
    let turn = 0;
    const handedOver = (state: AppState) => {
      const schema = forms[turn % forms.length] ?? 1;
      turn += 1;
      return aStage(app, fromItem(written(state, schema), schema));
    };
    const ran = (before: AppState, taskArn: string, container: string) => {
      const started = handedOver(before);
      started.answer('startRun', { kind: 'runStarted', taskArns: [taskArn] });
      const stage = handedOver(started.state);
      stage.when({ type: 'taskStopped', taskArn, scaledIn: false });
      const task = {
        taskArn,
        found: true,
        lastStatus: 'STOPPED',
        scaledIn: false,
        exitCodes: { [container]: 0 },
      };
      stage.answer('lookAtTask', { kind: 'taskSeen', task });
      return handedOver(stage.state);
    };
    let stage = ran(fromItem(itemOf('migrating')), 'task/1', 'db-migrate');
    for (const service of ['web-app', 'worker']) stage = handedOver(stage.updated().ended(service).state);
    const { state } = ran(stage.state, 'task/2', 'smoke-test');
    expect(state.ended[0]?.end).toMatchObject({ outcome: 'live' });
    expect(state.ended[0]?.steps.map((step) => step.state)).toEqual(['done', 'done', 'done', 'done']);
  });
});

describe('what only a newer version knows', () => {
  it.each(ITEMS)('is kept in every object of an item: %s', (name) => {
    const newer = JSON.stringify(withNewMembers(JSON.parse(itemOf(name))));
    expect(JSON.parse(written(fromItem(newer), 1))).toEqual(JSON.parse(newer));
  });

  it.each(ITEMS)('is kept in every object of an item of the next form: %s', (name) => {
    const newer = JSON.stringify(withNewMembers(JSON.parse(written(fromItem(itemOf(name)), 2))));
    expect(JSON.parse(written(fromItem(newer, 2), 2))).toEqual(JSON.parse(newer));
  });

  it('is kept while the release goes on', () => {
    const { schedules: _, ...newer } = Object(withNewMembers(JSON.parse(itemOf('rolling'))));
    const stage = aStage(app, fromItem(JSON.stringify(newer)));
    stage.ended('worker');
    const after = JSON.parse(written(stage.state, 1));
    const member = { ofNewer: { kept: [1] } };
    expect(after).toMatchObject(member);
    expect(after.release).toMatchObject({ step: 'verifying', ...member, image: member, trigger: member });
    expect(after.release.services).toMatchObject([member, member]);
    expect(after.release.tasks).toMatchObject([member, member]);
  });

  const pending = {
    key: 'warmUp:web-app',
    effect: { kind: 'warmUp', service: 'web-app' },
    attempt: 0,
    since: 1,
  };
  const ordered = () => {
    const item = JSON.parse(itemOf('rolling'));
    return fromItem(JSON.stringify({ ...item, outbox: [pending, ...item.outbox] }));
  };

  it('is not done, if it is a kind of effect, and is kept for the newer version', () => {
    const stage = aStage(app, ordered());
    const around = { now: () => stage.now + MINUTE, pace: () => ({ room: 1 }) };
    expect(nextBatch(around, stage.state).map(({ key }) => key)).not.toContain(pending.key);
    stage.ended('worker');
    expect(JSON.parse(written(stage.state, 1)).outbox).toContainEqual(pending);
  });
});

describe('the schema version of an item', () => {
  it.each([
    [undefined, 1],
    ['1', 1],
    ['2', 2],
  ])('%s is read as form %s', (stored, schema) => {
    expect(schemaOf('app#web', stored)).toBe(schema);
  });

  it.each(['3', '0', 'x'])('%s is refused, with what to do', (stored) => {
    expect(() => schemaOf('app#web', stored)).toThrow(
      `failed to read app#web: its schema version is ${stored}, and this version of Fairway reads 1 and 2. Deploy the version that wrote it, or the one before that.`,
    );
  });
});
