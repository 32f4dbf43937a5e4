import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCode, Failure } from '../../cli/failure.ts';
import { locked } from '../../cli/infrastructure/lock.ts';
import { isSamePlan, readPlan, refuseOtherPlan, savePlan } from '../../cli/infrastructure/savedPlan.ts';
import { recorded } from '../cli/fake-cloud.ts';
import { EXAMPLE } from './example.ts';
import { aRunningExample, type EmptyCloud, PLACE, planned } from './world.ts';

const SECRET = 'hunter2hunter2';
const CHANGED = EXAMPLE.replace('LOG_LEVEL: info', `LOG_LEVEL: info, API_KEY: ${SECRET}`);

let directory: string;
let cloud: EmptyCloud;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'fairway-plan-'));
  cloud = await aRunningExample(EXAMPLE);
});
afterEach(() => rmSync(directory, { recursive: true }));

async function saved() {
  const plan = await planned(CHANGED, cloud);
  savePlan('plan.json', directory, { plan, place: PLACE, only: ['web-app'] });
  return readPlan('plan.json', directory);
}

describe('a saved plan', () => {
  test('keeps what was chosen, and no secret', async () => {
    expect(await saved()).toMatchObject({ only: ['web-app'], place: { installation: 'fairway-production' } });
    const text = readFileSync(join(directory, 'plan.json'), 'utf8');
    expect(text).toContain('"kind": "taskDefinition"');
    expect(text).not.toContain(SECRET);
  });

  test('is applied while nothing has changed', async () => {
    const plan = await saved();
    expect(() => refuseOtherPlan(plan, PLACE, { changes: [], undeclared: [] })).toThrow('has changed');
    const again = await planned(CHANGED, cloud);
    expect(() => refuseOtherPlan(plan, PLACE, again)).not.toThrow();
  });

  test.each([
    ['a secret in the file', async () => planned(CHANGED.replace(SECRET, 'other3other3'), cloud)],
    [
      'AWS',
      async () => {
        const retention = { logGroupName: '/ecs/web-app', retentionInDays: 7 };
        await cloud.aws('logs', 'PutRetentionPolicy', retention);
        return planned(CHANGED, cloud);
      },
    ],
  ])('is refused after a change of %s', async (_, now) => {
    const plan = await saved();
    const next = await now();
    expect(() => refuseOtherPlan(plan, PLACE, next)).toThrow('make the plan again');
  });

  test('is refused in another account', async () => {
    const plan = await saved();
    const again = await planned(CHANGED, cloud);
    expect(() => refuseOtherPlan(plan, { ...PLACE, account: '210987654321' }, again)).toThrow(
      'the plan is for fairway-production in 123456789012, us-east-1, and this is',
    );
  });

  test('is refused where the file is something else', () => {
    writeFileSync(join(directory, 'other.json'), '{}');
    expect(() => readPlan('other.json', directory)).toThrow('it is not a plan of this version');
    expect(() => readPlan('none.json', directory)).toThrow('the file does not exist');
  });

  test('differs from another one by what it does, not by its notes', async () => {
    const plan = await planned(CHANGED, cloud);
    const notes = plan.changes.map((change) =>
      change.action === 'change' ? { ...change, notes: ['n'] } : change,
    );
    expect(isSamePlan(plan, { ...plan, changes: notes })).toBe(true);
    expect(isSamePlan(plan, { ...plan, changes: [] })).toBe(false);
  });
});

describe('apply', () => {
  const connection = { settings: {}, where: 'AWS', functionName: 'f' };
  type Ask = Parameters<typeof locked>[1]['ask'];

  async function lockedBy(ask: Ask) {
    const { around, written } = recorded();
    const result = locked(connection, { ask, around }, async () => 'applied');
    return { result: await result.catch((error: Error) => error.message), written };
  }

  test('works between taking the lock and giving it back', async () => {
    const asked: unknown[] = [];
    const { result } = await lockedBy(async (question) => {
      asked.push(question);
      return { ok: true, sentence: '' };
    });
    expect(result).toBe('applied');
    const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
    expect(asked).toEqual([
      { command: 'lock', id },
      { command: 'lock', id, release: true },
    ]);
  });

  test('does nothing while someone else applies', async () => {
    const { result } = await lockedBy(async () => ({
      ok: false,
      error: 'refused',
      message: 'bob is applying',
    }));
    expect(result).toBe('bob is applying');
  });

  test('works without a lock where the functions are not deployed, and says so', async () => {
    const missing = Object.assign(new Error('gone'), { name: 'ResourceNotFoundException' });
    const { result, written } = await lockedBy(async () => {
      throw new Failure(exitCode.failed, 'no function', { cause: missing });
    });
    expect(result).toBe('applied');
    expect(written.err).toContain('The functions are not deployed yet');
  });
});
