import { duration } from '../../shared/domain/duration.ts';
import { whyHeld } from '../../shared/domain/hold.ts';
import { shortDigest } from '../../shared/domain/image.ts';
import { claimedHolder } from '../../shared/domain/person.ts';
import type { AppStatus, ServiceStatus } from '../../shared/domain/summaries.ts';
import { asking, type Render } from '../answering.ts';
import { defineCommand } from '../command.ts';
import { atMost } from '../reading.ts';
import { ago, pad, type Style, width } from '../style.ts';
import { imageName, stateWord } from '../words.ts';

export const status = defineCommand({
  usage: 'status [APP]',
  summary: 'show what runs, what is in progress and what is held',
  examples: ['fairway status', 'fairway status web', 'fairway status --json'],
  read({ words }) {
    const [app] = atMost(1, words);
    return asking({ command: 'status', ...(app === undefined ? {} : { app }) }, renderStatuses);
  },
});

export const renderStatuses: Render = ({ apps = [] }, now, style) =>
  apps.map((app) => renderStatus(app, now, style));

type Line = readonly [name: string, text: string];

function renderStatus(app: AppStatus, now: number, style: Style): string {
  const lines: readonly Line[] = [
    ['live', app.live ? liveText(app.live, now) : style.dim('not known yet')],
    ...openLines(app.open, now, style),
    ...(app.waiting ? [['waiting', waitingText(app.waiting)] as const] : []),
    ...(app.alsoWaiting ? [['then', waitingText(app.alsoWaiting)] as const] : []),
    ...rateLimitLines(app.rateLimit, now),
    ...retryLines(app.retrying, now, style),
    ...holdLines(app.hold, now, style),
    ...failureLines(app, now, style),
    ...(app.alerts ?? []).map(
      ({ sentence, why, firstAt }): Line => [
        'alert',
        `${style.bad(sentence)}  since ${ago(firstAt, now)}: ${why}`,
      ],
    ),
    ...serviceLines(app, style),
  ];
  return [style.bold(app.app), ...lines.map(([name, text]) => `  ${style.dim(name.padEnd(9))} ${text}`)].join(
    '\n',
  );
}

const ORIGINS: Readonly<Record<string, string>> = {
  beforeFairway: 'from before Fairway',
  firstImage: 'first image',
  foundRunning: 'found running',
};

/** An older function does not say where an image is from. */
function liveText(live: NonNullable<AppStatus['live']>, now: number): string {
  const origin = ORIGINS[live.origin ?? ''] ?? 'from before Fairway';
  const release = live.release === undefined ? origin : `v${live.release}`;
  return `${imageName(live)}  ${release}, since ${ago(live.since, now)}`;
}

function waitingText(waiting: NonNullable<AppStatus['waiting']>): string {
  const { by, waitsFor } = waiting;
  const who = by === undefined ? [] : [by === 'push' ? 'pushed' : `requested by ${by}`];
  return [imageName(waiting), ...who, ...(waitsFor === undefined ? [] : [`waits for ${waitsFor}`])].join(
    '  ',
  );
}

function openLines(open: AppStatus['open'], now: number, style: Style): readonly Line[] {
  if (!open) return [];
  const state = style.accent(`v${open.number} ${stateWord(open.state)}`);
  const head = `${state}  ${imageName(open)}  for ${duration(now - open.startedAt)}, by ${open.by}`;
  return [['open', head], ...(open.steps ?? []).map(({ line }): Line => ['', line])];
}

function rateLimitLines(waits: AppStatus['rateLimit'], now: number): readonly Line[] {
  if (!waits) return [];
  const calls = `${waits.calls} ${waits.calls === 1 ? 'call' : 'calls'}`;
  const rest = `${calls} left, at least ${duration(waits.seconds * 1_000)}`;
  return [['waits', `for ECS's rate limit, since ${ago(waits.since, now)}: ${rest}`]];
}

function retryLines(retrying: AppStatus['retrying'], now: number, style: Style): readonly Line[] {
  return (retrying ?? []).map(({ what, since, why }) => [
    'retrying',
    `${style.warn(`to ${what}, for ${duration(now - since)}`)}: ${why ?? 'no answer yet'}`,
  ]);
}

function holdLines(hold: AppStatus['hold'], now: number, style: Style): readonly Line[] {
  return hold
    ? [['held', style.warn(`${ago(hold.at, now)} by ${claimedHolder(hold)}: ${whyHeld(hold)}`)]]
    : [];
}

function failureLines({ app, lastFailure }: AppStatus, now: number, style: Style): readonly Line[] {
  if (!lastFailure) return [];
  const { release, tag, at, cause } = lastFailure;
  return [
    ['failed', `v${release} (${tag}) ${ago(at, now)}: ${cause}`],
    ['', style.dim(`\`fairway show ${app} v${release}\` shows its steps and log lines`)],
  ];
}

function serviceLines(app: AppStatus, style: Style): readonly Line[] {
  const { running, asOf, unread, cluster } = app;
  const names = `${app.services.join(', ')} ${style.dim(`in ${cluster}`)}`;
  if (!running || asOf === undefined)
    return [
      ['services', unread === undefined ? names : `${names}  ${style.warn(`could not be read: ${unread}`)}`],
    ];
  const columns = Math.max(...running.map(({ service }) => width(service)), 0);
  const texts = running.map((service) => `${pad(service.service, columns)}  ${serviceText(service, style)}`);
  const when = style.dim(`in ${cluster}, as of ${new Date(asOf).toISOString().slice(0, 19)}Z`);
  return [...texts, when].map((text, index): Line => [index === 0 ? 'services' : '', text]);
}

const ROLLOUTS: Readonly<Record<string, string>> = {
  IN_PROGRESS: 'rolling out',
  COMPLETED: 'steady',
  FAILED: 'rollout failed',
};

/** "web-app:12  3/3 running, steady"; during a rollout also what else runs. */
function serviceText(service: ServiceStatus, style: Style): string {
  const { desired, deployments, otherImage, reason } = service;
  const [primary, ...others] = deployments;
  if (service.status !== 'ACTIVE' || !primary) return style.bad(service.status.toLowerCase());
  const rollout = service.rollout === undefined ? '' : `, ${rolloutText(service.rollout, style)}`;
  const old = others.filter(({ running }) => running > 0);
  const failed = primary.failedTasks > 0 ? [style.bad(`${primary.failedTasks} failed to start`)] : [];
  const more = [
    ...old.map(({ revision, running }) => `${running} of ${revision} still running`),
    ...failed,
    ...(service.rollout === 'FAILED' && reason !== undefined ? [reason] : []),
    ...(otherImage ? [style.warn(`runs ${otherText(otherImage)}, which is not the live image`)] : []),
  ];
  return [`${primary.revision}  ${primary.running}/${desired} running${rollout}`, ...more].join('; ');
}

function rolloutText(rollout: string, style: Style): string {
  const text = ROLLOUTS[rollout] ?? rollout;
  return rollout === 'FAILED' ? style.bad(text) : text;
}

function otherText({ tag, digest }: NonNullable<ServiceStatus['otherImage']>): string {
  return tag === undefined ? shortDigest(digest) : imageName({ tag, digest });
}
