import * as z from 'zod';
import type { OperatorAnswer } from '../shared/domain/operator.ts';

// A looser reading than the type: members that a newer function adds must not stop an older command line.
const release = z.object({
  app: z.string(),
  number: z.number(),
  id: z.string(),
  tag: z.string(),
  digest: z.string(),
  state: z.string(),
  reason: z.string(),
  by: z.string(),
  startedAt: z.number(),
  endedAt: z.number().exactOptional(),
});
const push = z.object({
  app: z.string(),
  tag: z.string(),
  digest: z.string(),
  at: z.number(),
  outcome: z.string(),
  reason: z.string(),
  release: z.number().exactOptional(),
});
const app = z.object({
  app: z.string(),
  cluster: z.string(),
  live: z
    .object({ tag: z.string(), digest: z.string(), release: z.number().exactOptional(), since: z.number() })
    .exactOptional(),
  open: release.exactOptional(),
  waiting: z.object({ tag: z.string(), digest: z.string() }).exactOptional(),
  hold: z.object({ by: z.string(), reason: z.string(), at: z.number() }).exactOptional(),
  services: z.array(z.string()),
});
const answer = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    sentence: z.string(),
    apps: z.array(app).exactOptional(),
    releases: z.array(release).exactOptional(),
    pushes: z.array(push).exactOptional(),
  }),
  z.object({
    ok: z.literal(false),
    error: z.enum(['refused', 'invalid', 'notFound']),
    message: z.string(),
  }),
]);

/** What `operate` answered, or undefined where that is no answer of `operate`. */
export function parseAnswer(text: string): OperatorAnswer | undefined {
  try {
    const parsed = answer.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
