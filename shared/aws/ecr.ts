import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  GetDownloadUrlForLayerCommand,
  type ImageDetail,
  type ImageIdentifier,
} from '@aws-sdk/client-ecr';
import * as z from 'zod/mini';
import { type Artifact, isRunnable, MANIFEST_TYPES, whyNotAnImage } from '../domain/artifact.ts';
import type { Image, ImageLabels, Platform } from '../domain/image.ts';
import { AwsFault, type Images, type TaggedImage } from '../ports.ts';
import { type Clients, type Time, untilDeadline } from './clients.ts';
import { translated } from './faults.ts';

const text = z.optional(z.string());
/** Members that are not as the specification has them are left out: they must not hide the others. */
const lenient = <Schema extends z.ZodMiniType>(schema: Schema) => z.catch(z.optional(schema), undefined);
const platform = z.object({ os: z.string(), architecture: z.string() });
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
  os: lenient(z.string()),
  architecture: lenient(z.string()),
  config: lenient(z.object({ Labels: lenient(z.record(z.string(), lenient(z.string()))) })),
});
type Manifest = z.output<typeof manifest>;
type ImageConfig = z.output<typeof imageConfig>;

/**
 * The Images port over the SDK: 3 calls for a single image, 4 for an index.
 * `download` gets a layer from the address that ECR has signed.
 */
export function createImages(
  clients: Pick<Clients, 'ecr'>,
  time: Time,
  download: typeof fetch = fetch,
): Images {
  const client = clients.ecr;

  async function describe(
    repositoryName: string,
    imageId: ImageIdentifier,
  ): Promise<ImageDetail | undefined> {
    try {
      const answer = await translated('ecr:DescribeImages', () =>
        client.send(new DescribeImagesCommand({ repositoryName, imageIds: [imageId] }), untilDeadline(time)),
      );
      return answer.imageDetails?.[0];
    } catch (error) {
      if (error instanceof AwsFault && error.code === 'ImageNotFoundException') return undefined;
      throw error;
    }
  }

  async function readManifest(repositoryName: string, digest: string): Promise<Manifest | undefined> {
    const answer = await translated('ecr:BatchGetImage', () =>
      client.send(
        new BatchGetImageCommand({
          repositoryName,
          imageIds: [{ imageDigest: digest }],
          // Always all: ECR answers an index only to those who name its type.
          acceptedMediaTypes: [...MANIFEST_TYPES],
        }),
        untilDeadline(time),
      ),
    );
    return parseJson(manifest, answer.images?.[0]?.imageManifest);
  }

  /** Platform and labels are worth telling, not worth failing for: without them they are unknown. */
  async function readConfig(repositoryName: string, digest: string): Promise<ImageConfig | undefined> {
    try {
      const { downloadUrl } = await translated('ecr:GetDownloadUrlForLayer', () =>
        client.send(
          new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: digest }),
          untilDeadline(time),
        ),
      );
      if (downloadUrl === undefined) return undefined;
      const patience = Math.min(3_000, Math.max(1, time.deadline() - time.now()));
      const response = await download(downloadUrl, { signal: AbortSignal.timeout(patience) });
      return response.ok ? parseJson(imageConfig, await response.text()) : undefined;
    } catch {
      return undefined;
    }
  }

  return {
    async inspect(repository, reference) {
      const wanted = 'digest' in reference ? { imageDigest: reference.digest } : { imageTag: reference.tag };
      const detail = await describe(repository, wanted);
      if (detail?.imageDigest === undefined) return undefined;
      const digest = detail.imageDigest;
      const listed = whyNotListed(detail);
      if (listed !== undefined) return { notAnImage: listed, digest };
      const top = await readManifest(repository, digest);
      const children = entriesOf(top).filter(isRunnable);
      const [child] = children.toSorted((a, b) => Number(b.os !== undefined) - Number(a.os !== undefined));
      const single = child ? await readManifest(repository, child.digest) : top;
      const why = whyNotAnImage(artifactOf(top)) ?? whyNotAnImage(artifactOf(single));
      if (why !== undefined) return { notAnImage: why, digest };
      const config = single?.config && (await readConfig(repository, single.config.digest));
      const image: Image = {
        repository,
        tag: 'tag' in reference ? reference.tag : (detail.imageTags?.[0] ?? ''),
        digest,
        pushedAt: detail.imagePushedAt?.getTime() ?? 0,
        platforms:
          children.length > 0 ? children.flatMap(({ platform }) => platform ?? []) : platformOf(config),
        labels: labelsOf(config),
      };
      const status = detail.imageStatus;
      return { image, storage: status === 'ARCHIVED' || status === 'ACTIVATING' ? status : 'ACTIVE' };
    },

    async tagged(repository) {
      const images: TaggedImage[] = [];
      let nextToken: string | undefined;
      do {
        const page = await translated('ecr:DescribeImages', () =>
          client.send(
            new DescribeImagesCommand({
              repositoryName: repository,
              filter: { tagStatus: 'TAGGED' },
              maxResults: 1000,
              nextToken,
            }),
            untilDeadline(time),
          ),
        );
        images.push(...(page.imageDetails ?? []).flatMap(taggedImages));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return images;
    },
  };
}

function taggedImages(detail: ImageDetail): TaggedImage[] {
  const { imageDigest: digest, imageTags = [], imagePushedAt } = detail;
  if (digest === undefined) return [];
  const pushedAt = imagePushedAt?.getTime() ?? 0;
  const notAnImage = whyNotListed(detail);
  return imageTags.map((tag) => ({
    tag,
    digest,
    pushedAt,
    ...(notAnImage === undefined ? {} : { notAnImage }),
  }));
}

function whyNotListed({ imageManifestMediaType, artifactMediaType }: ImageDetail): string | undefined {
  return whyNotAnImage({ manifest: imageManifestMediaType, type: artifactMediaType });
}

function artifactOf(found: Manifest | undefined): Artifact {
  return {
    manifest: found?.mediaType,
    type: found?.artifactType ?? found?.config?.mediaType,
    layers: found?.layers?.flatMap((layer) => layer?.mediaType ?? []),
    entries: found?.manifests && entriesOf(found),
  };
}

function entriesOf(found: Manifest | undefined) {
  const entries = (found?.manifests ?? []).flatMap((entry) => entry ?? []);
  return entries.map((entry) => ({ ...entry, os: entry.platform?.os }));
}

function platformOf(config: ImageConfig | undefined): Platform[] {
  const { os, architecture } = config ?? {};
  return os !== undefined && architecture !== undefined ? [{ os, architecture }] : [];
}

/** Source: OCI Image Specification, "Pre-Defined Annotation Keys". */
function labelsOf(config: ImageConfig | undefined): ImageLabels {
  const labels = config?.config?.Labels ?? {};
  const of = (name: string) => labels[`org.opencontainers.image.${name}`];
  const revision = of('revision');
  const source = of('source');
  const author = of('authors');
  const description = of('description') ?? of('title');
  return {
    ...(revision && { revision }),
    ...(source && { source }),
    ...(author && { author }),
    ...(description && { description: description.slice(0, 300) }),
  };
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
