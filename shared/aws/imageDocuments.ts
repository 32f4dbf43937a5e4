import * as z from 'zod/mini';
import type { Artifact } from '../domain/artifact.ts';
import { clip } from '../domain/bounds.ts';
import type { ImageLabels, Platform } from '../domain/image.ts';
import { redact } from '../domain/redaction/redact.ts';

/** What Fairway reads of an image's manifest and configuration, as the OCI Image Specification describes them. */

/** Longest labels in characters: one that people read, and one with a commit or a repository. */
const LONGEST_PROSE = 300;
const LONGEST_NAME = 1_000;

const text = z.optional(z.string());
/** The name of an operating system or an architecture. */
const short = z.string().check(z.maxLength(100));
/** Leaves out a member that does not follow the specification, so that the others can be read. */
const lenient = <Schema extends z.ZodMiniType>(schema: Schema) => z.catch(z.optional(schema), undefined);
const platform = z.object({ os: short, architecture: short });
const manifest = z.object({
  mediaType: lenient(z.string()),
  artifactType: lenient(z.string()),
  config: lenient(z.object({ digest: z.string(), mediaType: text })),
  layers: lenient(z.array(lenient(z.object({ mediaType: z.string() })))),
  manifests: lenient(
    z.array(
      lenient(
        z.object({
          digest: z.string(),
          mediaType: text,
          artifactType: text,
          platform: lenient(platform),
        }),
      ),
    ),
  ),
});
const imageConfig = z.object({
  os: lenient(short),
  architecture: lenient(short),
  config: lenient(z.object({ Labels: lenient(z.record(z.string(), lenient(z.string()))) })),
});
export type Manifest = z.output<typeof manifest>;
export type ImageConfig = z.output<typeof imageConfig>;

/** The manifest or index in a text, or undefined if it is malformed. */
export function manifestIn(text: string | undefined): Manifest | undefined {
  return parseJson(manifest, text);
}

/** The image configuration in a text, or undefined if it is malformed. */
export function imageConfigIn(text: string | undefined): ImageConfig | undefined {
  return parseJson(imageConfig, text);
}

/** What a manifest says of its kind. */
export function artifactOf(found: Manifest | undefined): Artifact {
  return {
    manifest: found?.mediaType,
    type: found?.artifactType ?? found?.config?.mediaType,
    layers: found?.layers?.flatMap((layer) => layer?.mediaType ?? []),
    entries: found?.manifests && entriesOf(found),
  };
}

/** The images and attachments that an index lists. */
export function entriesOf(found: Manifest | undefined) {
  const entries = (found?.manifests ?? []).flatMap((entry) => entry ?? []);
  return entries.map((entry) => ({ ...entry, os: entry.platform?.os }));
}

/** None where the configuration does not name it. */
export function platformOf(config: ImageConfig | undefined): Platform[] {
  const { os, architecture } = config ?? {};
  return os !== undefined && architecture !== undefined ? [{ os, architecture }] : [];
}

/** Source: OCI Image Specification, "Pre-Defined Annotation Keys". */
export function labelsOf(config: ImageConfig | undefined): ImageLabels {
  const revision = nameIn(config, 'revision');
  const source = nameIn(config, 'source');
  const author = proseIn(config, 'authors');
  const description = proseIn(config, 'description') ?? proseIn(config, 'title');
  return {
    ...(revision && { revision }),
    ...(source && { source }),
    ...(author && { author }),
    ...(description && { description }),
  };
}

function proseIn(config: ImageConfig | undefined, name: string): string | undefined {
  const label = labelIn(config, name);
  return label === undefined ? undefined : clip(redact(label), LONGEST_PROSE);
}

/** A name that is too long is left out, since a truncated name would be a different name. */
function nameIn(config: ImageConfig | undefined, name: string): string | undefined {
  const label = labelIn(config, name);
  return label !== undefined && label.length <= LONGEST_NAME ? label : undefined;
}

function labelIn(config: ImageConfig | undefined, name: string): string | undefined {
  return config?.config?.Labels?.[`org.opencontainers.image.${name}`];
}

function parseJson<Schema extends z.ZodMiniType>(
  schema: Schema,
  text: string | undefined,
): z.output<Schema> | undefined {
  if (text === undefined) return undefined;
  try {
    const result = z.safeParse(schema, JSON.parse(text));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}
