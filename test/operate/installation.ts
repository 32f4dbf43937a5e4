import { advance } from '../../shared/advance.ts';
import type { OperatorRequest } from '../../shared/domain/operator.ts';
import { operate } from '../../shared/operate/operate.ts';
import type { Ecs, Images } from '../../shared/ports.ts';
import { anApp, digestOf, MINUTE, START } from '../builders.ts';
import { anEcs, aPerformer, aReading, aStore, aWorld } from '../fakes.ts';

export const app = anApp();

interface Options {
  readonly ecs?: Partial<Ecs>;
  readonly images?: Images;
  readonly performs?: Parameters<typeof aPerformer>[0];
}

/** An app whose releases a test makes live or fails, minute by minute. */
export async function anInstallation({ ecs = {}, ...overrides }: Options = {}) {
  const { perform } = aPerformer(overrides.performs);
  const kept = aStore();
  let elapsed = 0;
  const { world } = aWorld({
    apps: [app],
    store: kept.store,
    perform,
    at: () => elapsed,
    budget: 60 * MINUTE,
  });
  const reading = aReading({ ecs: anEcs(ecs), ...(overrides.images && { images: overrides.images }) });
  const ask = (request: OperatorRequest) => operate(world, request, reading);
  const state = () => kept.items.get(app.name)?.state;
  const installation = {
    ...kept,
    ask,
    state,
    wait: () => {
      elapsed += MINUTE;
    },
    async ticks() {
      elapsed += MINUTE;
      await advance(world, app, { type: 'tick' });
    },
    async push(tag: string) {
      const at = START + elapsed;
      await advance(world, app, { type: 'imagePushed', tag, digest: digestOf(tag), at, source: 'event' });
    },
    /** The rollout that is in progress completes. */
    async completes() {
      elapsed += MINUTE;
      const deploymentId = state()?.release?.services[0]?.deploymentId ?? '';
      await advance(world, app, { type: 'deploymentEnded', service: 'web-app', deploymentId });
    },
    async live(tag: string) {
      await installation.push(tag);
      await installation.completes();
    },
    why: (tag?: string) => ask({ command: 'why', app: 'web', ...(tag === undefined ? {} : { tag }) }),
  };
  await advance(world, app, { type: 'tick' });
  return installation;
}
