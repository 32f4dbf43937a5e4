import { Failure } from '../../cli/failure.ts';
import { applyDeclared } from '../../cli/infrastructure/applying.ts';
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

test('the first image lets apply create what waited, and change nothing that was not shown', async () => {
  const shown: Plan = { changes: [waiting], undeclared: [] };
  const plans: Plan[] = [shown, shown, { changes: [unseen, creation], undeclared: [] }];
  const calls: string[] = [];
  const session = {
    connection: { settings: {}, where: 'AWS', functionName: 'f' },
    place: PLACE,
    async aws(_: string, operation: string) {
      calls.push(operation);
      return {};
    },
    plan: async () => plans.shift() ?? shown,
  } as unknown as Session;
  const missing = Object.assign(new Error('gone'), { name: 'ResourceNotFoundException' });
  const context = {
    around: recorded().around,
    async ask() {
      throw new Failure(1, 'no function', { cause: missing });
    },
  } as unknown as Context;
  const code = await applyDeclared(session, { yes: true, noWait: false, only: [] }, context, plain);
  expect({ code, calls }).toEqual({ code: 0, calls: ['CreateService'] });
});
