import { setTimeout as sleep } from 'node:timers/promises';
import { ECSClient } from '@aws-sdk/client-ecs';
import type { App } from '../../shared/domain/app.ts';
import { ask } from '../ask.ts';
import type { Connection } from '../connection.ts';
import { type Style, stopwatch } from '../style.ts';
import { type Chapter, hasSettled, type Outcome, observe, openChapter, type Snapshot } from './chapter.ts';
import type { Control, PushRequest, SentMessage } from './control.ts';
import { frame } from './frame.ts';
import { lastCard, textsOf } from './messages.ts';
import type { Screen } from './screen.ts';
import { callsBetween, type ReleaseRecord } from './summary.ts';
import { look } from './watch.ts';

export interface Stage {
  readonly app: App;
  readonly control: Control;
  readonly connection: Connection;
  readonly screen: Screen;
  readonly style: Style;
  /** The Slack card as text. */
  readonly card: (message: SentMessage) => string;
  /** Ends everything: a timeout, or Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Real milliseconds between two snapshots. */
const SNAPSHOT_EVERY = 120;
/** Real milliseconds between two requests for the release's outcome, once the services are steady and before. */
const ASK_EVERY = 600;
const ASK_RARELY = 6_000;

/** Pushes one image and shows its release until it has ended and the services are steady. */
export async function showRelease(
  push: Omit<PushRequest, 'repository'>,
  stage: Stage,
): Promise<ReleaseRecord> {
  const { app, control, signal } = stage;
  const ecs = new ECSClient({ ...stage.connection.settings, requestHandler: { requestTimeout: 20_000 } });
  try {
    const service = app.services[0];
    if (service === undefined) throw new Error(`the app ${app.name} has no services`);
    const see = async () => look(ecs, app.cluster, service.name, await control.now());
    const before = await see();
    const messagesBefore = (await control.messages()).length;
    const startedReal = Date.now();
    const startedAt = before.now;
    const digest = await control.push({ ...push, repository: app.image.repository });
    const migration = app.before[0];
    const opened = openChapter({
      image: `${app.image.repository}:${push.tag}`,
      digest,
      service: service.name,
      startedAt,
      base: primaryOf(before),
      desired: before.desired,
      ...(migration === undefined ? {} : { migration }),
    });
    const chapter = await follow(opened, see, push.tag, stage);
    stage.screen.keep();

    const messages = await messagesSince(messagesBefore, chapter, stage);
    const card = lastCard(messages);
    if (card !== undefined) stage.screen.say(`\n${stage.card(card)}\n`);
    signal.throwIfAborted();
    return {
      chapter,
      simulated: (chapter.outcome?.endedAt ?? chapter.now) - startedAt,
      real: Date.now() - startedReal,
      calls: callsBetween(await control.calls(), startedAt, await control.now()),
      messages: messages.flatMap(({ payload }) => textsOf(payload)).join('\n'),
    };
  } finally {
    ecs.destroy();
  }
}

async function follow(
  opened: Chapter,
  see: () => Promise<Snapshot>,
  tag: string,
  stage: Stage,
): Promise<Chapter> {
  let chapter = opened;
  let askedAt = Date.now();
  while (true) {
    stage.signal.throwIfAborted();
    chapter = observe(chapter, await see());
    draw(chapter, stage);
    const wait = hasSettled(chapter) ? ASK_EVERY : ASK_RARELY;
    if (Date.now() - askedAt >= wait) {
      const outcome = await endOf(tag, stage);
      askedAt = Date.now();
      if (outcome !== undefined) {
        chapter = { ...observe(chapter, await see()), outcome };
        draw(chapter, stage);
        if (chapter.target === undefined || hasSettled(chapter)) return chapter;
      }
    }
    await sleep(SNAPSHOT_EVERY, undefined, { signal: stage.signal });
  }
}

function draw(chapter: Chapter, { screen, style }: Stage): void {
  screen.draw(`${stopwatch(chapter.now - chapter.startedAt)}`, frame(chapter, style));
}

/** How the newest release of this tag ended, as Fairway reports it; undefined while it is open. */
async function endOf(tag: string, { app, connection }: Stage): Promise<Outcome | undefined> {
  const answer = await ask({ command: 'releases', app: app.name, limit: 5 }, connection);
  if (!answer.ok) throw new Error(`Fairway refused to list releases: ${answer.message}`);
  const release = answer.releases
    ?.filter((candidate) => candidate.tag === tag)
    .sort((a, b) => b.number - a.number)[0];
  if (release?.endedAt === undefined) return undefined;
  return { release: release.number, state: release.state, reason: release.reason, endedAt: release.endedAt };
}

/** All messages about this push. Waits up to 3 s of real time for the last one, which is sent after the end. */
async function messagesSince(
  first: number,
  chapter: Chapter,
  { control, signal }: Stage,
): Promise<SentMessage[]> {
  const until = Date.now() + 3_000;
  const word =
    chapter.outcome?.state === 'live'
      ? /\bis live in\b/
      : /\b(failed|FAILED|was canceled|was superseded) in\b/;
  while (true) {
    const messages = (await control.messages()).slice(first);
    const card = lastCard(messages);
    const finished = card !== undefined && word.test(textsOf(card.payload).join('\n'));
    if (finished || Date.now() >= until) return messages;
    await sleep(SNAPSHOT_EVERY, undefined, { signal });
  }
}

function primaryOf(snapshot: Snapshot): string {
  return snapshot.deployments.find(({ primary }) => primary)?.revision ?? '';
}
