import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import {
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ask } from '../ask.ts';
import { run } from '../fairway.ts';
import { type Style, stopwatch } from '../style.ts';
import type { Snapshot } from './chapter.ts';
import { startLines } from './frame.ts';
import type { Stage } from './story.ts';
import { look } from './watch.ts';

/** The file that declares the example application with all that it runs on. */
export const DECLARATION = 'examples/infrastructure/fairway.yml';

const ROOT = join(import.meta.dirname, '..', '..');
/** Real milliseconds between two looks at ECS, and between two requests for what is live. */
const SNAPSHOT_EVERY = 120;
const ASK_EVERY = 900;
/** Seconds. As in examples/foundation; with Elastic Load Balancing's default each rollout waits for 5 minutes. */
const DRAINING = '25';

interface FirstImage {
  readonly tag: string;
  readonly platforms: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly content: string;
}

/**
 * Creates the example application on the empty cloud with `fairway apply`, and starts it with its first image.
 * Returns once its tasks run and Fairway calls the image live.
 */
export async function showFromNothing(image: FirstImage, stage: Stage): Promise<void> {
  const { app, control, screen, style, connection } = stage;
  const { repository } = app.image;
  await apply(['--no-wait'], stage);
  screen.say(`  ${style.dim('$')} docker push ${style.dim('…/')}${repository}:${image.tag}`);
  await control.push({ ...image, repository });
  await apply([], stage);
  const ecs = new ECSClient({ ...connection.settings, requestHandler: { requestTimeout: 20_000 } });
  try {
    await drainSoon(ecs, stage);
    await untilLive(image.tag, ecs, stage);
  } finally {
    ecs.destroy();
  }
  screen.keep();
}

/** Shows the command and what it says, without the plan: each member of each resource. */
async function apply(words: readonly string[], { connection, screen, style }: Stage): Promise<void> {
  let out = '';
  let err = '';
  const around = {
    env: {},
    out: { write: (text: string) => (out += text) },
    err: { write: (text: string) => (err += text) },
    directory: process.cwd(),
    now: Date.now,
  };
  const local = ['--local', connection.local ?? '', '--config', join(ROOT, DECLARATION)];
  const code = await run(['apply', '--yes', ...words, ...local], around);
  if (code !== 0) throw new Error(`fairway apply ended with ${code}: ${err}`);
  screen.say(`  ${style.dim('$')} fairway apply ${style.dim(`--config ${DECLARATION}`)}`);
  for (const line of saidBy(out)) screen.say(`  ${painted(line, style)}`);
}

/** The load balancer is not declared: in an account, examples/foundation creates it with this setting. */
async function drainSoon(ecs: ECSClient, { app, connection }: Stage): Promise<void> {
  const services = app.services.map(({ name }) => name);
  const described = await ecs.send(new DescribeServicesCommand({ cluster: app.cluster, services }));
  const balancers = (described.services ?? []).flatMap(({ loadBalancers }) => loadBalancers ?? []);
  const client = new ElasticLoadBalancingV2Client(connection.settings);
  const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: DRAINING }];
  try {
    for (const { targetGroupArn: TargetGroupArn } of balancers)
      await client.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
  } finally {
    client.destroy();
  }
}

async function untilLive(tag: string, ecs: ECSClient, stage: Stage): Promise<void> {
  const { app, control, signal, screen, style } = stage;
  const service = app.services[0]?.name ?? '';
  const startedAt = await control.now();
  let askedAt = 0;
  let live = false;
  for (;;) {
    signal.throwIfAborted();
    const seen = await look(ecs, app.cluster, service, await control.now());
    const time = seen.now - startedAt;
    screen.draw(stopwatch(time), startLines({ service, seen, time, live: live ? tag : undefined }, style));
    if (live) return;
    if (isUp(seen) && Date.now() - askedAt >= ASK_EVERY) {
      live = (await liveTag(stage)) === tag;
      askedAt = Date.now();
    }
    await sleep(SNAPSHOT_EVERY, undefined, { signal });
  }
}

function isUp({ desired, deployments }: Snapshot): boolean {
  return desired > 0 && deployments.length === 1 && deployments.every(({ completed }) => completed);
}

/** The tag that is live, as Fairway reports it. */
async function liveTag({ app, connection }: Stage): Promise<string | undefined> {
  const answer = await ask({ command: 'status', app: app.name }, connection);
  if (!answer.ok) throw new Error(`Fairway refused to show the status: ${answer.message}`);
  return answer.apps?.find((each) => each.app === app.name)?.live?.tag;
}

/** "✓ created cluster app-prod", and how many there are. */
export function saidBy(out: string): readonly string[] {
  return out.split('\n').filter((line) => /^(?:✓|Plan:|Push )/.test(line));
}

function painted(line: string, style: Style): string {
  return line.startsWith('✓') ? `${style.good('✓')}${line.slice(1)}` : line;
}
