import type { Order, ReleaseDetail } from '../shared/domain/operator.ts';
import type { OrderQuestion } from './arguments.ts';
import { exitCode, Failure } from './failure.ts';
import { ENDED_BY, type Follower, look, pause, type Signal, say, UNANSWERED } from './follower.ts';
import { renderRelease } from './renderRelease.ts';
import { plain } from './style.ts';

/** The words of an environment's name that make it production: "production", "eu-prod". */
const PRODUCTION = /(?:^|[^a-z0-9])prod(?:uction)?(?:[^a-z0-9]|$)/i;

/** Whether people are asked before something is deployed there. `functionName` has the environment's name. */
export function isProduction({
  functionName,
  local,
}: {
  readonly functionName: string;
  readonly local?: string;
}): boolean {
  return local === undefined && PRODUCTION.test(functionName);
}

/** What a person is asked before an order is sent to production. */
export function confirmation({ request }: OrderQuestion, where: string): string {
  const { app, tag } = request;
  if (request.command === 'deploy')
    return `Deploy ${tag ?? 'the newest image'} to ${app} in ${where}? [y/N] `;
  const to = tag ?? (request.to === undefined ? 'the image before' : `v${request.to}`);
  return `Roll ${app} back to ${to} in ${where}, and hold it? [y/N] `;
}

/** Sends an order and follows its release to the end. Answers the exit code: 0 only where it succeeded. */
export async function followOrder({ request }: OrderQuestion, follower: Follower): Promise<number> {
  const answer = await follower.ask(request);
  if (!answer.ok) return say(follower, answer, answer.message);
  if (!answer.order) throw new Failure(exitCode.failed, OLDER);
  follower.err(answer.sentence);
  return followRelease(request.app, answer.order, follower);
}

const OLDER = 'the function is older than this command and cannot be followed: deploy the stack again';

async function followRelease(app: string, sent: Order, follower: Follower): Promise<number> {
  const { err, style } = follower;
  const report = reporter(follower);
  let order = sent;
  let unanswered = 0;
  for (let looks = 0; ; looks += 1) {
    const answer = await look({ command: 'show', app, order }, follower);
    if (answer instanceof Failure) {
      unanswered += 1;
      if (!answer.unanswered || unanswered > UNANSWERED) throw goesOn(answer, app);
      if (unanswered === 1) err(style.dim(`${answer.message}; asking again`));
    } else {
      if (!answer.ok) return say(follower, answer, answer.message);
      unanswered = 0;
      report(answer.shown, answer.pending);
      // From here on it is this release, whatever else is ordered or pushed.
      if (answer.shown) order = { ...order, release: answer.shown.number };
      if (answer.shown?.endedAt !== undefined) return end(answer.shown, order, follower);
    }
    const signal = follower.interrupted();
    if (signal && !(await cancelled(signal, app, follower))) return ENDED_BY[signal];
    await pause(follower, looks, unanswered);
  }
}

/** Writes each step when it begins, moves and ends. */
function reporter({ err, json, style }: Follower) {
  const written = new Set<string>();
  const once = (key: string, text: string) => {
    if (!json && !written.has(key)) err(text);
    written.add(key);
  };
  return (release: ReleaseDetail | undefined, pending: string | undefined) => {
    if (pending !== undefined) once(pending, style.dim(pending));
    if (!release) return;
    once(String(release.number), style.dim(`v${release.number} ${release.trigger}`));
    for (const { state, line } of release.steps) {
      if (state === 'pending' || state === 'skipped') continue;
      // How long it takes is told when it has ended.
      const still = line.replace(/ · [^·]*$/, '');
      once(`${state} ${still}`, state === 'running' ? still : line);
    }
  };
}

function end(release: ReleaseDetail, order: Order, { out, err, json, style }: Follower): number {
  const ok = release.state === (order.stops ? 'rolledBack' : 'live');
  if (json) out(JSON.stringify({ ok, release }, null, 2));
  else {
    err(ok ? style.good(release.headline) : style.bad(release.headline));
    if (!ok) out(renderRelease(release, release.endedAt ?? release.startedAt, plain));
  }
  return ok ? exitCode.done : exitCode.failed;
}

/** Whether the release is being canceled, and followed to its end; otherwise it is left alone. */
async function cancelled(signal: Signal, app: string, follower: Follower): Promise<boolean> {
  const { err, confirm } = follower;
  const wanted =
    signal === 'SIGINT'
      ? await confirm(`Cancel the release of ${app}? Otherwise it goes on. [y/N] `)
      : undefined;
  if (!wanted) {
    err(`The release goes on: ${howToGoOn(app)}`);
    return false;
  }
  const answer = await look({ command: 'cancel', app }, follower);
  if (answer instanceof Failure) err(`${answer.message}: the release may not be canceled`);
  else err(answer.ok ? answer.sentence : answer.message);
  return true;
}

function goesOn(failure: Failure, app: string): Failure {
  const message = `${failure.message}\nThe release goes on: ${howToGoOn(app)}.`;
  return new Failure(failure.exit, message, { cause: failure });
}

function howToGoOn(app: string): string {
  return `\`fairway show ${app}\` shows it, \`fairway cancel ${app}\` ends it`;
}
