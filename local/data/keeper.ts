import type { Snapshots } from './snapshot.ts';

/** A part of the local cloud whose state can be saved and restored. */
interface Keepable {
  keep(): unknown;
  resume(kept: unknown): unknown;
}

interface Keeper {
  /** Restores the saved state. Returns whether there was any. */
  resume(): Promise<boolean>;
  save(): Promise<void>;
  forget(): void;
  stop(): void;
}

/** How much an unexpected interruption can lose, in real milliseconds. */
const EVERY = 10_000;

interface Kept {
  readonly now: number;
  readonly parts: Readonly<Record<string, unknown>>;
}

/** Saves the parts in a directory, periodically and on request. */
export function createKeeper(
  snapshots: Snapshots,
  clock: { now(): number; setNow(time: number): void },
  parts: Readonly<Record<string, Keepable>>,
): Keeper {
  let saving: Promise<void> = Promise.resolve();
  const timer = setInterval(() => void save().catch(() => {}), EVERY);
  timer.unref();

  function save(): Promise<void> {
    saving = saving.then(async () => {
      const kept: Record<string, unknown> = {};
      for (const [name, part] of Object.entries(parts)) kept[name] = await part.keep();
      snapshots.write({ now: clock.now(), parts: kept } satisfies Kept);
    });
    return saving;
  }

  return {
    async resume() {
      const state = snapshots.read();
      if (state === undefined) return false;
      const kept: Kept = Object(state);
      // Time never goes backwards: a fast cloud may have been ahead of real time.
      clock.setNow(kept.now);
      for (const [name, part] of Object.entries(parts)) await part.resume(kept.parts[name]);
      return true;
    },
    save,
    forget: () => snapshots.remove(),
    stop: () => clearInterval(timer),
  };
}
