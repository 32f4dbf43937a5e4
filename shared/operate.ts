import { advance, type World } from './advance.ts';
import { type Alert, describeAlert } from './domain/alert.ts';
import type { ReleaseAnnouncement } from './domain/announcement.ts';
import type { App } from './domain/app.ts';
import { counted } from './domain/counted.ts';
import { releaseFacts } from './domain/facts.ts';
import type {
  AlertSummary,
  AppStatus,
  OperatorAnswer,
  OperatorRequest,
  ReleaseSummary,
  WaitingImage,
} from './domain/operator.ts';
import type { Trigger } from './domain/release.ts';
import type { AppState, Candidate } from './domain/state.ts';
import { follow, runsOf } from './operateRuns.ts';
import type { Logs, ParkedEvents } from './ports.ts';
import { redrive } from './redrive.ts';
import { unknownApp } from './unknownNames.ts';

/** Answers a person. What changes anything goes through the same loop as every event. */
export async function operate(
  world: World,
  request: OperatorRequest,
  { parked, logs }: { readonly parked: ParkedEvents; readonly logs: Logs },
): Promise<OperatorAnswer> {
  if (request.command === 'redrive') return redrive(world, parked);
  if (request.command === 'runs') return runsOf(world, request);
  const { apps } = world.configuration;
  if (request.command === 'status' && request.app === undefined) {
    const statuses = await Promise.all(apps.map((app) => statusOf(world, app)));
    return { ok: true, sentence: counted(statuses.length, 'app'), apps: statuses };
  }
  const app = apps.find((other) => other.name === request.app);
  if (!app) return unknownApp(apps, request.app ?? '');
  switch (request.command) {
    case 'status':
      return { ok: true, sentence: app.name, apps: [await statusOf(world, app)] };
    case 'releases':
      return releasesOf(world, app, request.limit ?? 20);
    case 'why':
      return why(world, app, request.tag);
    case 'follow':
      return follow(world, app, request, logs);
    default: {
      const decision = await advance(world, app, { type: 'operator', request });
      if (decision.refused) return { ok: false, error: 'refused', message: decision.reason };
      return { ok: true, sentence: decision.reason };
    }
  }
}

async function statusOf(world: World, app: App): Promise<AppStatus> {
  const state = (await world.store.load(app.name))?.state;
  const open = state?.release && releaseFacts(world.place, app, state, state.release, world.now());
  const alerts = state?.alerts?.alerts.filter(({ end }) => !end).map(alertSummary) ?? [];
  return {
    app: app.name,
    cluster: app.cluster,
    services: app.services.map((service) => service.name),
    ...(state?.live && { live: state.live }),
    ...(open && { open: summaryOf(open) }),
    ...waitingOf(state),
    ...(state?.hold && { hold: state.hold }),
    ...(alerts.length > 0 && { alerts }),
  };
}

/** What starts next, and what has its turn after that. */
function waitingOf(state: AppState | undefined): Pick<AppStatus, 'waiting' | 'alsoWaiting'> {
  const [waiting, alsoWaiting] = [state?.ordered, state?.waiting].flatMap((candidate) =>
    candidate === undefined ? [] : [waitingImage(candidate)],
  );
  return { ...(waiting && { waiting }), ...(alsoWaiting && { alsoWaiting }) };
}

function waitingImage({ image: { tag, digest }, trigger }: Candidate): WaitingImage {
  return { tag, digest, by: whoOf(trigger) };
}

async function releasesOf(world: World, app: App, limit: number): Promise<OperatorAnswer> {
  const state = (await world.store.load(app.name))?.state;
  const open = state?.release && releaseFacts(world.place, app, state, state.release, world.now());
  const ended = await world.store.releases(app.name, limit);
  const releases = [...(open ? [open] : []), ...ended].slice(0, limit).map(summaryOf);
  return { ok: true, sentence: `${counted(releases.length, 'release')} of ${app.name}`, releases };
}

async function why(world: World, app: App, tag: string): Promise<OperatorAnswer> {
  const pushes = await world.store.pushes(app.name, tag);
  const [newest] = pushes;
  if (!newest) {
    const message = `no push of ${tag} has reached Fairway for ${app.name}: is it in the repository ${app.image.repository}? A lost push is found within 5 minutes`;
    return { ok: false, error: 'notFound', message };
  }
  return { ok: true, sentence: `${tag} is ${newest.outcome}: ${newest.reason}`, pushes };
}

function summaryOf(story: ReleaseAnnouncement): ReleaseSummary {
  return {
    app: story.app,
    number: story.release,
    id: story.releaseId,
    tag: story.image.tag,
    digest: story.image.digest,
    state: story.outcome?.kind ?? story.step,
    reason: story.outcome?.reason ?? `${story.step} since v${story.release} began`,
    by: whoOf(story.trigger),
    startedAt: story.startedAt,
    ...(story.outcome === undefined ? {} : { endedAt: story.at }),
  };
}

function alertSummary(alert: Alert): AlertSummary {
  const { service, kind, count, firstAt, lastAt, cause } = alert;
  return { service, kind, sentence: describeAlert(alert), why: cause.sentence, count, firstAt, lastAt };
}

function whoOf(trigger: Trigger): string {
  return trigger.kind === 'push' ? 'push' : trigger.who;
}
