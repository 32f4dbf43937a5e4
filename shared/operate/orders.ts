import { advance } from '../advance.ts';
import type { ReleaseAnnouncement } from '../domain/announcement.ts';
import type { App } from '../domain/app.ts';
import type { OperatorAnswer, OperatorRequest, Order } from '../domain/operator.ts';
import type { AppState } from '../domain/state.ts';
import { inspectImage } from '../perform/images.ts';
import type { Images } from '../ports.ts';
import type { Runtime } from '../runtime.ts';
import { showStory, storiesOf } from './releases.ts';

/** Deploys and rollbacks by people, and which release carries them out. */

type Of<Command extends OperatorRequest['command']> = Extract<OperatorRequest, { command: Command }>;

/** How many ended releases are searched for the one of an order. */
const MOST_SEARCHED = 20;

/** An image that does not exist is an error at once: the person is still there to fix it. */
export async function deploy(
  runtime: Runtime,
  app: App,
  request: Of<'deploy'>,
  images: Images,
): Promise<OperatorAnswer> {
  const found = await lookUp(runtime, images, app, request);
  if (found?.refusal !== undefined) return { ok: false, error: 'notFound', message: found.refusal };
  const { who } = request;
  const order: Order = { kind: 'deploy', who, at: runtime.now(), ...found?.name };
  const decision = await advance(runtime, app, { type: 'operator', request });
  if (decision.refused) return { ok: false, error: 'refused', message: decision.reason };
  return { ok: true, sentence: decision.reason, order };
}

export async function rollback(runtime: Runtime, app: App, request: Of<'rollback'>): Promise<OperatorAnswer> {
  const open = (await runtime.store.load(app.name))?.state.release;
  const met = open && { release: open.number, stops: open.trigger.kind !== 'rollback' };
  const order: Order = { kind: 'rollback', who: request.who, at: runtime.now(), ...met };
  const decision = await advance(runtime, app, { type: 'operator', request });
  if (decision.refused) return { ok: false, error: 'refused', message: decision.reason };
  return { ok: true, sentence: decision.reason, order };
}

/** Undefined: ECR does not answer now. The loop retries, and announces the result. */
async function lookUp(
  runtime: Runtime,
  images: Images,
  app: App,
  { tag, live, who }: Of<'deploy'>,
): Promise<{ readonly refusal?: string; readonly name?: Pick<Order, 'tag' | 'digest'> } | undefined> {
  if (live) return { name: await liveImage(runtime, app) };
  try {
    const answer = await inspectImage(images, app, {
      kind: 'inspectImage',
      ...(tag === undefined ? {} : { tag }),
      trigger: { kind: 'deploy', who },
      source: 'operator',
    });
    if (answer.kind === 'imageMissing') return { refusal: `${answer.reason}: nothing was changed` };
    if (answer.kind !== 'imageInspected') return undefined;
    const { image, storage } = answer;
    if (storage === 'ACTIVE') return { name: { tag: image.tag, digest: image.digest } };
    return {
      refusal: `${image.tag} is ${storage.toLowerCase()} in ECR and cannot be pulled: restore it first`,
    };
  } catch (error) {
    runtime.log('an ordered image could not be looked up at once', { app: app.name, error });
    return undefined;
  }
}

async function liveImage(runtime: Runtime, app: App): Promise<Pick<Order, 'tag' | 'digest'>> {
  const live = (await runtime.store.load(app.name))?.state.live;
  return live === undefined ? {} : { tag: live.tag, digest: live.digest };
}

/** The release that carries out an order; or why there is none yet; or why there will be none. */
export async function showOrder(runtime: Runtime, app: App, order: Order): Promise<OperatorAnswer> {
  const state = (await runtime.store.load(app.name))?.state;
  const stories = await storiesOf(runtime, app, state, MOST_SEARCHED);
  const story = stories.find((each) => carriesOut(each, order));
  if (story) return showStory(runtime, state, story);
  const pending = state && whyPending(state, order);
  if (pending !== undefined) return { ok: true, sentence: pending, pending };
  return { ok: false, error: 'refused', message: await whyNot(runtime, app, order) };
}

function carriesOut(story: ReleaseAnnouncement, order: Order): boolean {
  if (order.release !== undefined) return story.release === order.release;
  const { trigger, image, startedAt } = story;
  // An order for the live image is for the one that is live when its turn has come.
  const isForLive = trigger.kind === 'deploy' && trigger.live === true;
  const isOfImage = isForLive || order.digest === undefined || image.digest === order.digest;
  if (trigger.kind === order.kind && trigger.who === order.who && startedAt >= order.at) return isOfImage;
  // One digest is one release, also where a push came first.
  return order.digest === image.digest && !story.failure && story.outcome === undefined;
}

function whyPending({ outbox, ordered, release, hold }: AppState, order: Order): string | undefined {
  const isOfOrder = (trigger: { readonly kind: string; readonly who?: string }) =>
    trigger.kind === order.kind && trigger.who === order.who;
  if (ordered && isOfOrder(ordered.trigger)) {
    const why = release
      ? `v${release.number} is still in progress`
      : hold
        ? `the app is held by ${hold.by}`
        : '';
    return `${ordered.image.tag} waits${why === '' ? '' : `: ${why}`}`;
  }
  const look = outbox.find(({ effect }) => effect.kind === 'inspectImage' && isOfOrder(effect.trigger));
  if (!look) return undefined;
  return `the image is being looked up${look.why === undefined ? '' : `: ${look.why}`}`;
}

async function whyNot(runtime: Runtime, app: App, order: Order): Promise<string> {
  const entries = order.tag === undefined ? [] : await runtime.store.pushes(app.name, order.tag);
  const entry = entries.find(({ at }) => at >= order.at);
  const what =
    order.kind === 'deploy' ? `${order.tag ?? 'the image'} was not released` : 'nothing was rolled back';
  return `${what}: ${entry?.reason ?? `see \`fairway status ${app.name}\` and the app's channels`}`;
}
