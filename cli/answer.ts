import * as z from 'zod';
import type { OperatorAnswer } from '../shared/domain/operator.ts';

const liveSpan = z.object({
  sentence: z.string(),
  release: z.number().exactOptional(),
  from: z.number(),
  until: z.number().exactOptional(),
  replacedBy: z
    .object({ release: z.number().exactOptional(), tag: z.string(), trigger: z.string().exactOptional() })
    .exactOptional(),
});
const imageName = z.object({ tag: z.string(), digest: z.string() });
// Looser than the type: members that a newer function adds must not break an older CLI.
const release = z.object({
  app: z.string(),
  number: z.number(),
  id: z.string(),
  tag: z.string(),
  digest: z.string(),
  state: z.string(),
  reason: z.string(),
  by: z.string(),
  requestId: z.string().exactOptional(),
  startedAt: z.number(),
  endedAt: z.number().exactOptional(),
  live: liveSpan.exactOptional(),
});
const step = z.object({ name: z.string(), state: z.string(), line: z.string() });
const detail = release.extend({
  headline: z.string(),
  previous: imageName.exactOptional(),
  trigger: z.string(),
  steps: z.array(step),
  services: z.array(z.string()),
  failure: z
    .object({
      cause: z.string(),
      kind: z.string(),
      advice: z.string().exactOptional(),
      evidence: z.array(z.string()),
      requestId: z.string().exactOptional(),
    })
    .exactOptional(),
  lines: z.array(z.string()).exactOptional(),
  elsewhere: z.array(z.string()).exactOptional(),
  now: z.string().exactOptional(),
  toDo: z.string().exactOptional(),
  hold: z.string().exactOptional(),
  notes: z.array(z.string()),
  about: z.string().exactOptional(),
  author: z.string().exactOptional(),
  commit: z.object({ short: z.string(), url: z.string().exactOptional() }).exactOptional(),
  platforms: z.array(z.string()),
  links: z.array(z.object({ name: z.string(), url: z.string() })),
});
const push = z.object({
  app: z.string(),
  tag: z.string(),
  digest: z.string(),
  at: z.number(),
  outcome: z.string(),
  reason: z.string(),
  release: z.number().exactOptional(),
  pushedAt: z.number().exactOptional(),
  live: liveSpan.exactOptional(),
});
const serviceStatus = z.object({
  service: z.string(),
  status: z.string(),
  desired: z.number(),
  running: z.number(),
  revision: z.string().exactOptional(),
  rollout: z.string().exactOptional(),
  reason: z.string().exactOptional(),
  deployments: z.array(
    z.object({
      revision: z.string(),
      status: z.string(),
      running: z.number(),
      desired: z.number(),
      failedTasks: z.number(),
    }),
  ),
  otherImage: z.object({ tag: z.string().exactOptional(), digest: z.string() }).exactOptional(),
});
const failure = z.object({
  release: z.number(),
  tag: z.string(),
  digest: z.string(),
  state: z.string(),
  at: z.number(),
  cause: z.string(),
  advice: z.string().exactOptional(),
});
const alert = z.object({
  service: z.string(),
  kind: z.string(),
  sentence: z.string(),
  why: z.string(),
  count: z.number(),
  firstAt: z.number(),
  lastAt: z.number(),
});
const waiting = z.object({
  tag: z.string(),
  digest: z.string(),
  by: z.string().exactOptional(),
  waitsFor: z.string().exactOptional(),
});
const app = z.object({
  app: z.string(),
  cluster: z.string(),
  live: z
    .object({ tag: z.string(), digest: z.string(), release: z.number().exactOptional(), since: z.number() })
    .exactOptional(),
  open: release.extend({ steps: z.array(step).exactOptional() }).exactOptional(),
  waiting: waiting.exactOptional(),
  alsoWaiting: waiting.exactOptional(),
  hold: z
    .object({
      by: z.string(),
      reason: z.string(),
      at: z.number(),
      requestId: z.string().exactOptional(),
    })
    .exactOptional(),
  rateLimit: z.object({ since: z.number(), calls: z.number(), seconds: z.number() }).exactOptional(),
  services: z.array(z.string()),
  running: z.array(serviceStatus).exactOptional(),
  asOf: z.number().exactOptional(),
  unread: z.string().exactOptional(),
  lastFailure: failure.exactOptional(),
  alerts: z.array(alert).exactOptional(),
});
const run = z.object({
  app: z.string(),
  task: z.string(),
  id: z.string(),
  state: z.string(),
  ended: z.boolean(),
  reason: z.string(),
  by: z.string(),
  requestId: z.string().exactOptional(),
  stoppedBy: z.object({ who: z.string(), requestId: z.string().exactOptional() }).exactOptional(),
  askedAt: z.number(),
  startedAt: z.number().exactOptional(),
  endedAt: z.number().exactOptional(),
  exitCode: z.number().exactOptional(),
  tag: z.string().exactOptional(),
  digest: z.string().exactOptional(),
  revision: z.string().exactOptional(),
  taskArns: z.array(z.string()),
  attempts: z.number(),
  earlier: z.array(z.string()).exactOptional(),
  logs: z.array(z.string()),
  notTaken: z.array(z.string()).exactOptional(),
});
const logLine = z.object({
  at: z.number(),
  container: z.string(),
  text: z.string(),
  task: z.string().exactOptional(),
});
const channelTest = z.object({ channel: z.string(), ok: z.boolean(), why: z.string().exactOptional() });
const followed = z.object({
  run,
  lines: z.array(logLine),
  elsewhere: z.array(z.string()),
  cursor: z.string().exactOptional(),
  more: z.boolean().exactOptional(),
  complete: z.boolean(),
});
const order = z.object({
  kind: z.enum(['deploy', 'rollback']),
  who: z.string(),
  at: z.number(),
  tag: z.string().exactOptional(),
  digest: z.string().exactOptional(),
  release: z.number().exactOptional(),
  stops: z.boolean().exactOptional(),
});
const answer = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    sentence: z.string(),
    apps: z.array(app).exactOptional(),
    releases: z.array(release).exactOptional(),
    pushes: z.array(push).exactOptional(),
    shown: detail.exactOptional(),
    order: order.exactOptional(),
    pending: z.string().exactOptional(),
    runs: z.array(run).exactOptional(),
    followed: followed.exactOptional(),
    channels: z.array(channelTest).exactOptional(),
  }),
  z.object({
    ok: z.literal(false),
    error: z.enum(['refused', 'invalid', 'notFound']),
    message: z.string(),
  }),
]);

/** The answer of `operate`; undefined where the text is not one. */
export function parseAnswer(text: string): OperatorAnswer | undefined {
  try {
    const parsed = answer.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
