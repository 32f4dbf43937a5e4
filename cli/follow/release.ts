import type { Order } from '../../shared/domain/operator.ts';
import type { ReleaseDetail } from '../../shared/domain/summaries.ts';
import { exitCode, Failure } from '../failure.ts';
import type { Signal } from '../keyboard.ts';
import { ENDED_BY } from '../keyboard.ts';
import { renderRelease } from '../renderRelease.ts';
import { plain } from '../style.ts';
import { type Follower, look } from './follower.ts';
import { type Subject, watch } from './watch.ts';

/** Prints how the release of an order goes until it has ended. Returns the exit code: 0 only where it succeeded. */
export function followRelease(app: string, order: Order, follower: Follower): Promise<number> {
  return watch(releaseSubject(app, order, follower), follower);
}

function releaseSubject(app: string, ordered: Order, follower: Follower): Subject {
  const print = stepPrinter(follower);
  let order = ordered;
  return {
    question: () => ({ command: 'show', app, order }),
    isKnown: () => true,
    take({ shown, pending }) {
      print(shown, pending);
      if (!shown) return undefined;
      // From here on it is this release, whatever else is ordered or pushed.
      order = { ...order, release: shown.number };
      return shown.endedAt === undefined ? undefined : end(shown, order, follower);
    },
    interrupt: (signal) => interruptRelease(signal, app, follower),
    giveUp(failure) {
      const message = `${failure.message}\nThe release continues: ${nextCommands(app)}.`;
      return new Failure(failure.exit, message, { cause: failure });
    },
  };
}

/** Prints each step when it starts, moves and ends. */
function stepPrinter({ err, json, style }: Follower) {
  const printed = new Set<string>();
  const once = (key: string, text: string) => {
    if (!json && !printed.has(key)) err(text);
    printed.add(key);
  };
  return (release: ReleaseDetail | undefined, pending: string | undefined) => {
    if (pending !== undefined) once(pending, style.dim(pending));
    if (!release) return;
    once(String(release.number), style.dim(`v${release.number} ${release.trigger}`));
    for (const { state, line } of release.steps) {
      if (state === 'pending' || state === 'skipped') continue;
      // The duration is printed only when the step has ended: it changes every second.
      const withoutDuration = line.replace(/ · [^·]*$/, '');
      once(`${state} ${withoutDuration}`, state === 'running' ? withoutDuration : line);
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

/** Leaves the release alone, or cancels it and follows it to its end. */
async function interruptRelease(
  signal: Signal,
  app: string,
  follower: Follower,
): Promise<number | undefined> {
  const { err, confirm } = follower;
  const question = `Cancel the release of ${app}? Otherwise it continues. [y/N] `;
  if (signal !== 'SIGINT' || !(await confirm(question))) {
    err(`The release continues: ${nextCommands(app)}`);
    return ENDED_BY[signal];
  }
  const answer = await look({ command: 'cancel', app }, follower);
  if (answer instanceof Failure) err(`${answer.message}: the release may not be canceled`);
  else err(answer.ok ? answer.sentence : answer.message);
  return undefined;
}

function nextCommands(app: string): string {
  return `\`fairway show ${app}\` shows it, \`fairway cancel ${app}\` cancels it`;
}
