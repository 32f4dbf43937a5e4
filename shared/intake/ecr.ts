import * as z from 'zod/mini';
import { instant, parse } from './parse.ts';

export interface ImagePushed {
  readonly kind: 'imagePushed';
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  /** Epoch milliseconds. */
  readonly at: number;
}
export interface Ignored {
  readonly kind: 'ignored';
  readonly reason: string;
}

const envelope = z.object({ 'detail-type': z.string() });

const ecrEvent = z.object({
  time: instant,
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

/** Manifests that can run: single images and indexes, in OCI's and Docker's dialects. */
const MANIFESTS: readonly string[] = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
/** Configurations of images; other artifacts (charts, signatures, SBOMs) are pushed to ECR too. */
const CONFIGURATIONS: readonly string[] = [
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
];

/**
 * An "ECR Image Action" event. Untagged pushes come with an empty tag, children of an index one by one before it.
 * Source: Amazon ECR User Guide, "Amazon ECR events and EventBridge".
 */
export function parseEcrEvent(event: unknown): ImagePushed | Ignored {
  const type = parse('an ECR event', envelope, event)['detail-type'];
  if (type !== 'ECR Image Action') return ignored(`${type} is not looked at`);
  const { time, detail } = parse('an ECR event', ecrEvent, event);
  const action = detail['action-type'];
  const tag = detail['image-tag'] ?? '';
  const digest = detail['image-digest'];
  const manifest = detail['manifest-media-type'];
  const artifact = detail['artifact-media-type'];
  if (action !== 'PUSH') return ignored(`the action is ${action}, not PUSH`);
  if (detail.result !== 'SUCCESS') return ignored(`the push ended with ${detail.result}`);
  if (tag === '')
    return ignored('the push has no tag: a part of a multi-architecture image, or an attestation');
  if (digest === undefined) return ignored('the event names no digest');
  if (manifest !== undefined && !MANIFESTS.includes(manifest)) return ignored(`${manifest} is not an image`);
  if (artifact !== undefined && !CONFIGURATIONS.includes(artifact))
    return ignored(`${artifact} is not an image`);
  return { kind: 'imagePushed', repository: detail['repository-name'], tag, digest, at: time };
}

function ignored(reason: string): Ignored {
  return { kind: 'ignored', reason };
}
