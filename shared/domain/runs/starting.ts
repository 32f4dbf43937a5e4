import { ask, type Turn } from '../decide/draft.ts';
import type { RunDraft } from './parts.ts';

/** Asks ECS to start the current attempt, now or later. */
export function askToStart(turn: Turn, run: RunDraft, notBefore?: number): void {
  const { id, task, attempt, revision, command, network, capacity } = run;
  if (revision === undefined) return;
  run.state = 'starting';
  run.tasks = [];
  run.lookedAt = turn.now;
  const firstAt = notBefore ?? turn.now;
  run.deadline = firstAt + turn.app.timeouts.capacity;
  ask(
    turn,
    `start:${id}:${attempt}`,
    {
      kind: 'startRun',
      run: id,
      task,
      attempt,
      revision,
      firstAt,
      ...(command && { command }),
      ...(network && { network }),
      ...(capacity && { capacity }),
    },
    notBefore === undefined ? {} : { notBefore },
  );
}
