import { parseJson } from '../json.ts';
import { isList, isObject } from '../stack/json.ts';
import type { Repository } from './repository.ts';

/** Artifacts that refer to an image: SBOMs, signatures. Source: OCI Distribution Specification 1.1, "Listing Referrers". */

interface Referrer {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The image that a manifest refers to. */
export function subjectOf(manifest: string): string | undefined {
  const { subject } = parsed(manifest);
  return isObject(subject) && typeof subject.digest === 'string' ? subject.digest : undefined;
}

/** Newest first. The image itself need not exist. */
export function referrersOf(repository: Repository, subject: string): readonly Referrer[] {
  const referring = [...repository.images.values()].filter(({ manifest }) => subjectOf(manifest) === subject);
  return referring.toReversed().map(({ manifest, mediaType, digest }) => ({
    mediaType,
    digest,
    size: Buffer.byteLength(manifest),
    ...described(manifest),
  }));
}

/** The type of a manifest without one is that of its configuration; an index has none. */
function described(manifest: string): Pick<Referrer, 'artifactType' | 'annotations'> {
  const { artifactType, config, annotations } = parsed(manifest);
  const type = artifactType ?? (isObject(config) ? config.mediaType : undefined);
  return {
    ...(typeof type === 'string' && type !== '' ? { artifactType: type } : {}),
    ...(isObject(annotations) ? { annotations: texts(annotations) } : {}),
  };
}

function texts(map: object): Record<string, string> {
  const entries = Object.entries(map).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(entries);
}

function parsed(manifest: string): Readonly<Record<string, unknown>> {
  const json: unknown = parseJson(manifest);
  return isObject(json) && !isList(json) ? json : {};
}
