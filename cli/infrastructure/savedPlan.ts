import { randomBytes, scryptSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import { stableText } from '../../shared/infrastructure/json.ts';
import type { Place } from '../../shared/infrastructure/kind.ts';
import type { Plan } from '../../shared/infrastructure/plan.ts';
import { exitCode, Failure } from '../failure.ts';
import { writeText } from '../writing.ts';
import { planAsJson } from './print.ts';

/**
 * A plan in a file, to be applied later. It has no calls and no secret values: it is planned again when it is applied,
 * and a digest says whether anything is different by then.
 */

const saved = z.object({
  format: z.literal(1),
  place: z.object({ account: z.string(), region: z.string(), installation: z.string() }),
  only: z.array(z.string()),
  salt: z.string(),
  digest: z.string(),
});

export type SavedPlan = z.infer<typeof saved>;

interface Made {
  readonly plan: Plan;
  readonly place: Place;
  readonly only: readonly string[];
}

/** @param path relative to `directory` */
export function savePlan(path: string, directory: string, { plan, place, only }: Made): void {
  const { account, region, installation } = place;
  const salt = randomBytes(16).toString('hex');
  const content = {
    format: 1,
    place: { account, region, installation },
    only,
    salt,
    digest: digestOf(plan, salt),
    plan: planAsJson(plan),
  };
  writeText(resolve(directory, path), `${JSON.stringify(content, null, 2)}\n`, `save the plan as ${path}`);
}

/** Throws a `Failure` where the file is not a saved plan. */
export function readPlan(path: string, directory: string): SavedPlan {
  const file = resolve(directory, path);
  try {
    return saved.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const isMissing = !existsSync(file);
    const why = isMissing ? 'the file does not exist' : 'it is not a plan of this version';
    const message = `failed to read the plan ${path}: ${why}, make one with \`fairway plan --out ${path}\``;
    throw new Failure(exitCode.failed, message, { cause: error });
  }
}

/** Throws a `Failure` where the plan is for another place, or no longer what it was. */
export function refuseOtherPlan(wanted: SavedPlan, place: Place, plan: Plan): void {
  const { account, region, installation } = wanted.place;
  if (account !== place.account || region !== place.region || installation !== place.installation) {
    const here = `${place.installation} in ${place.account}, ${place.region}`;
    throw new Failure(
      exitCode.failed,
      `the plan is for ${installation} in ${account}, ${region}, and this is ${here}: nothing was changed`,
    );
  }
  if (digestOf(plan, wanted.salt) !== wanted.digest)
    throw new Failure(
      exitCode.failed,
      'AWS or fairway.yml has changed since the plan was made, and nothing was changed: make the plan again',
    );
}

/** Whether two plans do the same. Notes, such as on headroom, change with time. */
export function isSamePlan(one: Plan, other: Plan): boolean {
  return textOf(one) === textOf(other);
}

/** Slow on purpose: the plan may contain a short secret, which should not be guessed from its digest. */
function digestOf(plan: Plan, salt: string): string {
  return scryptSync(textOf(plan), salt, 32).toString('hex');
}

function textOf({ changes }: Plan): string {
  return stableText(JSON.parse(JSON.stringify(changes.map((change) => ({ ...change, notes: [] })))));
}
