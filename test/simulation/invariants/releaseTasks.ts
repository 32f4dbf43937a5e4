import { asObject } from '../objects.ts';
import type { Played } from '../play.ts';
import { releasesOf } from './facts.ts';

/** 4. Invariants about release tasks that outlive their release. Each answers a sentence per violation. */

/** How long ECS takes to stop a task, and Fairway to hear of it. */
const GRACE = 5 * 60_000;

interface Life {
  readonly arn: string;
  readonly release: string;
  readonly family: string;
  readonly from: number;
  readonly to: number;
}

/** Tasks that ECS started for releases, with the spans in which they ran. */
function livesOf({ world }: Played): readonly Life[] {
  const lives = new Map<string, { -readonly [Member in keyof Life]: Life[Member] }>();
  for (const { at, detail } of world.history.emitted) {
    const [, release] = /^fairway\/(.+)$/.exec(String(detail.startedBy)) ?? [];
    if (release === undefined) continue;
    const arn = String(detail.taskArn);
    const family = String(asObject(detail).group);
    const life = lives.get(arn) ?? { arn, release, family, from: at, to: Number.POSITIVE_INFINITY };
    if (detail.lastStatus === 'STOPPED') life.to = Math.min(life.to, at);
    lives.set(arn, life);
  }
  return [...lives.values()];
}

/** 4. No task of an ended release runs on. */
export function endedTasksStop(played: Played): string[] {
  const releases = new Map(releasesOf(played).map((release) => [release.id, release]));
  return livesOf(played).flatMap(({ arn, release, family, to }) => {
    const ended = releases.get(release);
    if (ended?.endedAt === undefined || to <= ended.endedAt + GRACE) return [];
    const until =
      to === Number.POSITIVE_INFINITY ? 'to the end' : `for ${Math.round((to - ended.endedAt) / 60_000)} min`;
    return [`${family} of v${ended.number} (${arn.slice(-8)}) ran on ${until} after its release had ended`];
  });
}

/** 4. Tasks of two releases of an app, or two attempts of one, never run at the same time. */
export function migrationsDoNotOverlap(played: Played): string[] {
  const releases = new Map(releasesOf(played).map((release) => [release.id, release]));
  const lives = livesOf(played).filter(({ release }) => releases.has(release));
  return lives.flatMap((one, index) =>
    lives
      .slice(index + 1)
      .filter((other) => other.family === one.family)
      .filter((other) => one.from < other.to && other.from < one.to)
      .map((other) => {
        const [first, second] = [one, other].map(({ release }) => releases.get(release)?.number);
        return `${one.family} of v${first} and of v${second} ran at the same time`;
      }),
  );
}
