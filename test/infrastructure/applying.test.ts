import { applyAsJson } from '../../cli/commands/apply.ts';
import { Failure } from '../../cli/failure.ts';
import { applyDeclared } from '../../cli/infrastructure/applying.ts';
import type { Keyboard } from '../../cli/keyboard.ts';
import { plain } from '../../cli/style.ts';
import type { Change, Plan } from '../../shared/infrastructure/plan.ts';
import { recorded } from '../cli/fake-cloud.ts';
import { PLACE } from './world.ts';

type Session = Parameters<typeof applyDeclared>[0];
type Context = Parameters<typeof applyDeclared>[2];

const subject = { kind: 'service', name: 'web-app' } as const;
const resource = { ...subject, members: {}, tags: {}, ignore: [] };
const waiting: Change = { ...subject, action: 'wait', repository: 'web-app', resource };
const creation: Change = {
  ...subject,
  action: 'create',
  calls: [{ service: 'ecs', operation: 'CreateService', input: {} }],
  resource,
};
const unseen: Change = {
  kind: 'cluster',
  name: 'app-prod',
  action: 'change',
  found: [{ path: 'settings', from: 'a', to: 'b' }],
  calls: [{ service: 'ecs', operation: 'UpdateCluster', input: {} }],
  byHand: [],
  notes: [],
};

/** Interrupts once there is no plan left, so that a wait without an end fails. */
const keyboardAfter = (left: readonly Plan[]): Keyboard => ({
  answers: true,
  interrupted: () => (left.length === 0 ? 'SIGINT' : undefined),
  async wait() {},
  confirm: async () => undefined,
  ask: async () => undefined,
  close() {},
});

type Apply = (
  session: Session,
  wanted: Parameters<typeof applyDeclared>[1],
  context: Context,
) => Promise<number>;
const inTerminal: Apply = (session, wanted, context) => applyDeclared(session, wanted, context, plain);

/** Applies while the plans become these one after the other. */
async function applying(plans: readonly Plan[], apply = inTerminal, failing?: string) {
  const left = [...plans];
  const keyboard = keyboardAfter(left);
  const calls: string[] = [];
  const session = {
    connection: { settings: {}, where: 'AWS', functionName: 'f' },
    place: PLACE,
    async aws(_: string, operation: string) {
      if (operation === failing) throw new Error('AWS says no');
      calls.push(operation);
      return {};
    },
    plan: async () => left.shift() ?? { changes: [], undeclared: [] },
  } as unknown as Session;
  const missing = Object.assign(new Error('gone'), { name: 'ResourceNotFoundException' });
  const { around, written } = recorded();
  const context = {
    around: { ...around, keyboard: () => keyboard },
    async ask() {
      throw new Failure(1, 'no function', { cause: missing });
    },
  } as unknown as Context;
  try {
    const code = await apply(session, { yes: true, noWait: false, only: [] }, context);
    return { code, calls, out: written.out };
  } catch (error) {
    return { error: String(error), calls, out: written.out };
  }
}

const shown: Plan = { changes: [waiting], undeclared: [] };

test('the first image lets apply create what waited, and change nothing that was not shown', async () => {
  const then: Plan = { changes: [unseen, creation], undeclared: [] };
  expect(await applying([shown, shown, then])).toMatchObject({ code: 0, calls: ['CreateService'] });
});

test('apply stops waiting when someone else has created what waited', async () => {
  const then: Plan = { changes: [], undeclared: [] };
  expect(await applying([shown, shown, then])).toMatchObject({ code: 0, calls: [] });
});

test('apply prints one JSON document with --json, at its end', async () => {
  const plan: Plan = { changes: [unseen], undeclared: [] };
  const { code, out } = await applying([plan, plan], applyAsJson);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ ok: true, changes: [{ action: 'change', name: 'app-prod' }] });
});

test('apply leaves the document to the failure, where one ends it', async () => {
  const plan: Plan = { changes: [unseen], undeclared: [] };
  const { error, out } = await applying([plan, plan], applyAsJson, 'UpdateCluster');
  expect(out).toBe('');
  expect(error).toContain('AWS says no');
});
