import { childrenOf, imagesIn } from '../../infrastructure/indexes.ts';
import { isObject, objectAt, objectsAt, parsed, textAt } from '../../infrastructure/json.ts';
import type { Aws } from '../../infrastructure/kind.ts';
import { removalsBy } from '../../infrastructure/lifecycle.ts';
import { rulesOf } from '../../infrastructure/lifecycleRules.ts';
import { batches, pages, unless } from '../../infrastructure/reading.ts';
import type { AuditedRepository } from '../workload.ts';
import type { Optional } from './optional.ts';

/** ECR repositories: whether images are scanned, what scans found, and what lifecycle policies would expire. */

/** BatchGetRepositoryScanningConfiguration takes 25. Source: ECR API reference. */
const MOST_NAMES = 25;
/** DescribeImages lists 1,000 a page. */
const PAGE = 1_000;
const SCANNED = ['COMPLETE', 'ACTIVE'];

/** An image in use, and what it is for: "the live image". */
export interface UsedImage {
  readonly digest: string;
  readonly is: string;
}

export interface WantedRepository {
  readonly name: string;
  /** What runs, and what a rollback would return to. The first ones run. */
  readonly used: readonly UsedImage[];
  readonly live: ReadonlySet<string>;
}

export async function readRepositories(
  wanted: readonly WantedRepository[],
  aws: Aws,
  optional: Optional,
  now: number,
): Promise<Readonly<Record<string, AuditedRepository>>> {
  const scans = await readScanning(
    wanted.map(({ name }) => name),
    aws,
    optional,
  );
  const found = await Promise.all(
    wanted.map(async (repository): Promise<readonly [string, AuditedRepository]> => {
      const { name } = repository;
      const [critical, expiring] = await Promise.all([
        optional.read('scan findings', () => readCritical(repository, aws)),
        optional.read('lifecycle policies', () => readExpiring(repository, aws, now)),
      ]);
      const isScanned = scans.get(name);
      return [
        name,
        {
          ...(isScanned === undefined ? {} : { scans: isScanned }),
          ...(critical === undefined ? {} : { critical }),
          ...(expiring === undefined ? {} : { expiring }),
        },
      ];
    }),
  );
  return Object.fromEntries(found);
}

/** By the registry's effective configuration. */
async function readScanning(
  names: readonly string[],
  aws: Aws,
  optional: Optional,
): Promise<ReadonlyMap<string, boolean>> {
  const answers = await Promise.all(
    batches(names, MOST_NAMES).map((repositoryNames) =>
      optional.read('scanning configurations', () =>
        aws('ecr', 'BatchGetRepositoryScanningConfiguration', { repositoryNames }),
      ),
    ),
  );
  const found = answers.flatMap((answer) => objectsAt(answer ?? {}, 'scanningConfigurations'));
  return new Map(
    found.map((one) => [textAt(one, 'repositoryName') ?? '', textAt(one, 'scanFrequency') !== 'MANUAL']),
  );
}

/** Undefined where no image that runs has a completed scan. */
async function readCritical({ name, live }: WantedRepository, aws: Aws): Promise<number | undefined> {
  const counts = await Promise.all([...live].map((digest) => criticalOf(name, digest, aws)));
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** Of an index, its images are scanned. */
async function criticalOf(name: string, digest: string, aws: Aws): Promise<number | undefined> {
  const own = await scanOf(name, digest, aws);
  if (own !== undefined) return own;
  const children = (await childrenOf(name, [digest], aws)).filter(({ isAttestation }) => !isAttestation);
  const counts = await Promise.all(children.map((child) => scanOf(name, child.digest, aws)));
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

async function scanOf(repositoryName: string, imageDigest: string, aws: Aws): Promise<number | undefined> {
  const input = { repositoryName, imageId: { imageDigest }, maxResults: 1 };
  const call = aws('ecr', 'DescribeImageScanFindings', input);
  const answer = await unless('ScanNotFoundException', unless('ImageNotFoundException', call));
  const status = textAt(objectAt(answer ?? {}, 'imageScanStatus'), 'status') ?? '';
  if (!SCANNED.includes(status)) return undefined;
  const counts = objectAt(objectAt(answer ?? {}, 'imageScanFindings'), 'findingSeverityCounts');
  return Number(counts.CRITICAL ?? 0);
}

/** Why the lifecycle policy would remove an image in use, one sentence for each. */
async function readExpiring(
  { name, used }: WantedRepository,
  aws: Aws,
  now: number,
): Promise<readonly string[]> {
  const call = aws('ecr', 'GetLifecyclePolicy', { repositoryName: name });
  const answer = await unless('LifecyclePolicyNotFoundException', call);
  const policy = parsed(textAt(answer ?? {}, 'lifecyclePolicyText') ?? '');
  if (!isObject(policy)) return [];
  const details = await pages(
    aws,
    'ecr',
    'DescribeImages',
    { repositoryName: name, maxResults: PAGE },
    'imageDetails',
  );
  const isUsed = (digest: string) => used.some((one) => one.digest === digest);
  const images = await imagesIn(name, details, isUsed, aws);
  const removed = removalsBy(rulesOf(policy).rules, images, now);
  return used.flatMap(({ digest, is }) => {
    const removal = removed.find((one) => one.digest === digest);
    return removal === undefined
      ? []
      : [`rule ${removal.rule} of its lifecycle policy would ${removal.does} ${is}`];
  });
}
