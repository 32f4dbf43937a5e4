import * as z from 'zod/mini';
import { whyNotAnImage } from '../domain/artifact.ts';
import { memberOf } from '../domain/member.ts';
import type { Registry } from '../domain/registry.ts';
import { instant, parse } from './parse.ts';

/** A push to a repository. */
export interface ImagePushed {
  readonly kind: 'imagePushed';
  /** Where it was pushed or replicated to: a forwarded event keeps its account and region. */
  readonly registry: Registry;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Why the pushed artifact cannot run, if it cannot. */
  readonly notAnImage?: string;
}
export interface Ignored {
  readonly kind: 'ignored';
  readonly reason: string;
}

const envelope = z.object({ 'detail-type': z.string() });

const ecrEvent = z.object({
  time: instant,
  account: z.string(),
  region: z.string(),
  detail: z.object({
    'action-type': z.string(),
    result: z.string(),
    'repository-name': z.string(),
    'image-digest': z.optional(z.string()),
    'image-tag': z.optional(z.string()),
    'manifest-media-type': z.optional(z.string()),
    'artifact-media-type': z.optional(z.string()),
  }),
});

/** The action of a push by event type: a push to this repository, or a replication from another region or account. */
const PUSHES: Readonly<Record<string, string>> = {
  'ECR Image Action': 'PUSH',
  'ECR Replication Action': 'REPLICATE',
};

/**
 * An "ECR Image Action" or "ECR Replication Action" event. Untagged pushes have an empty tag. The children of an index
 * arrive one by one before it. Source: Amazon ECR User Guide, "Amazon ECR events and EventBridge".
 */
export function parseEcrEvent(event: unknown): ImagePushed | Ignored {
  const type = parse('an ECR event', envelope, event)['detail-type'];
  if (!Object.hasOwn(PUSHES, type)) return ignored(`${type} is not handled`);
  const { time, account, region, detail } = parse('an ECR event', ecrEvent, event);
  const action = detail['action-type'];
  const tag = detail['image-tag'] ?? '';
  const digest = detail['image-digest'];
  if (action !== memberOf(PUSHES, type))
    return ignored(`the action is ${action}, not ${memberOf(PUSHES, type)}`);
  if (detail.result !== 'SUCCESS') return ignored(`the push ended with ${detail.result}`);
  if (tag === '')
    return ignored('the push has no tag: it is part of a multi-architecture image, or an attestation');
  if (digest === undefined) return ignored('the event has no digest');
  const why = whyNotAnImage({
    manifest: detail['manifest-media-type'],
    type: detail['artifact-media-type'],
  });
  return {
    kind: 'imagePushed',
    registry: { account, region },
    repository: detail['repository-name'],
    tag,
    digest,
    at: time,
    ...(why === undefined ? {} : { notAnImage: why }),
  };
}

function ignored(reason: string): Ignored {
  return { kind: 'ignored', reason };
}
