import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  type ECRClient,
  GetDownloadUrlForLayerCommand,
  type ImageDetail,
  type ImageIdentifier,
} from '@aws-sdk/client-ecr';
import { isRunnable, MANIFEST_TYPES, whyNotAnImage } from '../domain/artifact.ts';
import type { Image } from '../domain/image.ts';
import type { NamedRepository } from '../domain/registry.ts';
import { AwsFault, type Images, type TaggedImage } from '../ports.ts';
import { type Clients, type Time, untilDeadline } from './clients.ts';
import { translated } from './faults.ts';
import {
  artifactOf,
  entriesOf,
  type ImageConfig,
  imageConfigIn,
  labelsOf,
  type Manifest,
  manifestIn,
  platformOf,
} from './imageDocuments.ts';

/** Largest image configuration that is read, in bytes. Usual are 10 KB; labels and history can make it larger. */
const LARGEST_CONFIG = 4 * 1024 * 1024;
/** How many platforms of an index are kept. */
const MOST_PLATFORMS = 50;
/**
 * The Images port, with the SDK: 3 calls for a single image, 4 for an index.
 * `download` gets a layer from its presigned URL.
 */
export function createImages(
  clients: Pick<Clients, 'ecr' | 'ecrIn'>,
  time: Time,
  download: typeof fetch = fetch,
): Images {
  const ecr: Ecr = { clients, time, download };

  return {
    inspect: inspect(ecr),
    tagged: tagged(ecr),
  };
}

interface Ecr {
  readonly clients: Pick<Clients, 'ecr' | 'ecrIn'>;
  readonly time: Time;
  readonly download: typeof fetch;
}

/** The client of the repository's region. */
function clientOf({ clients }: Ecr, { registry }: NamedRepository): ECRClient {
  return registry === undefined ? clients.ecr : clients.ecrIn(registry.region);
}

/** How calls name a repository. */
function named({ repository, registry }: NamedRepository) {
  return { repositoryName: repository, ...(registry && { registryId: registry.account }) };
}

async function describe(
  ecr: Ecr,
  repository: NamedRepository,
  imageId: ImageIdentifier,
): Promise<ImageDetail | undefined> {
  try {
    const answer = await translated('ecr:DescribeImages', () =>
      clientOf(ecr, repository).send(
        new DescribeImagesCommand({ ...named(repository), imageIds: [imageId] }),
        untilDeadline(ecr.time),
      ),
    );
    return answer.imageDetails?.[0];
  } catch (error) {
    if (error instanceof AwsFault && error.code === 'ImageNotFoundException') return undefined;
    throw error;
  }
}

interface Found {
  readonly digest?: string | undefined;
  readonly manifest?: Manifest | undefined;
}

async function readManifest(ecr: Ecr, repository: NamedRepository, imageId: ImageIdentifier): Promise<Found> {
  const answer = await translated('ecr:BatchGetImage', () =>
    clientOf(ecr, repository).send(
      new BatchGetImageCommand({
        ...named(repository),
        imageIds: [imageId],
        // Always all types: ECR returns an index only if its type is accepted.
        acceptedMediaTypes: [...MANIFEST_TYPES],
      }),
      untilDeadline(ecr.time),
    ),
  );
  const [found] = answer.images ?? [];
  return { digest: found?.imageId?.imageDigest, manifest: manifestIn(found?.imageManifest) };
}

/** Unknown if the config is gone or malformed. A fault of AWS is thrown: without the config, no platform is checked. */
async function readConfig(
  ecr: Ecr,
  repository: NamedRepository,
  digest: string,
): Promise<ImageConfig | undefined> {
  const url = await urlOfLayer(ecr, repository, digest);
  return url === undefined ? undefined : imageConfigIn(await downloadConfig(ecr, url));
}

/** What ECR says of a layer that it cannot hand out. Source: ECR API reference, GetDownloadUrlForLayer, Errors. */
const LAYER_GONE: readonly string[] = [
  'InvalidParameterException',
  'LayerInaccessibleException',
  'LayersNotFoundException',
];

async function urlOfLayer(
  ecr: Ecr,
  repository: NamedRepository,
  digest: string,
): Promise<string | undefined> {
  try {
    const answer = await translated('ecr:GetDownloadUrlForLayer', () =>
      clientOf(ecr, repository).send(
        new GetDownloadUrlForLayerCommand({ ...named(repository), layerDigest: digest }),
        untilDeadline(ecr.time),
      ),
    );
    return answer.downloadUrl;
  } catch (error) {
    if (error instanceof AwsFault && LAYER_GONE.includes(error.code)) return undefined;
    throw error;
  }
}

/** Where the URL of a layer leads. */
const DOWNLOAD = 's3:GetObject of a layer';

async function downloadConfig(ecr: Ecr, url: string): Promise<string | undefined> {
  const patience = Math.min(3_000, Math.max(1, ecr.time.deadline() - ecr.time.now()));
  return translated(DOWNLOAD, async () => {
    const response = await ecr.download(url, { signal: AbortSignal.timeout(patience) });
    const { ok, status, headers } = response;
    if (status >= 500 || status === 429)
      throw new AwsFault('ServiceUnavailable', `${DOWNLOAD}: S3 answered ${status}`, true);
    if (!ok || Number(headers.get('content-length')) > LARGEST_CONFIG) return undefined;
    return response.text();
  });
}

function inspect(ecr: Ecr): Images['inspect'] {
  return async (repository, reference) => {
    const wanted = 'digest' in reference ? { imageDigest: reference.digest } : { imageTag: reference.tag };
    const [detail, found] = await Promise.all([
      describe(ecr, repository, wanted),
      readManifest(ecr, repository, wanted),
    ]);
    if (detail?.imageDigest === undefined) return undefined;
    const digest = detail.imageDigest;
    const listed = whyNotListed(detail);
    if (listed !== undefined) return { notAnImage: listed, digest };
    // The tag may have moved between the two answers.
    const isSame = found.digest === digest;
    const { manifest: top } = isSame ? found : await readManifest(ecr, repository, { imageDigest: digest });
    const children = entriesOf(top).filter(isRunnable);
    const [child] = children.toSorted((a, b) => Number(b.os !== undefined) - Number(a.os !== undefined));
    const { manifest: single } = child
      ? await readManifest(ecr, repository, { imageDigest: child.digest })
      : { manifest: top };
    const why = whyNotAnImage(artifactOf(top)) ?? whyNotAnImage(artifactOf(single));
    if (why !== undefined) return { notAnImage: why, digest };
    const config = single?.config && (await readConfig(ecr, repository, single.config.digest));
    const image: Image = {
      repository: repository.repository,
      tag: 'tag' in reference ? reference.tag : (detail.imageTags?.[0] ?? ''),
      digest,
      pushedAt: detail.imagePushedAt?.getTime() ?? 0,
      platforms:
        children.length > 0
          ? children.flatMap(({ platform }) => platform ?? []).slice(0, MOST_PLATFORMS)
          : platformOf(config),
      labels: labelsOf(config),
    };
    const status = detail.imageStatus;
    return { image, storage: status === 'ARCHIVED' || status === 'ACTIVATING' ? status : 'ACTIVE' };
  };
}

function tagged(ecr: Ecr): Images['tagged'] {
  return async (repository, nextToken) => {
    const page = await translated('ecr:DescribeImages', () =>
      clientOf(ecr, repository).send(
        new DescribeImagesCommand({
          ...named(repository),
          // By default, ECR leaves out archived images. A restored image would then look like a push.
          filter: { tagStatus: 'TAGGED', imageStatus: 'ANY' },
          maxResults: 1000,
          nextToken,
        }),
        untilDeadline(ecr.time),
      ),
    );
    const images = (page.imageDetails ?? []).flatMap(taggedImages);
    return { images, ...(page.nextToken !== undefined && { next: page.nextToken }) };
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
