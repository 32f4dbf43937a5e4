import { domainOf, partitionOf, REGION_AND_DOMAIN } from './partition.ts';

/** A private registry of ECR: one per account and region. */
export interface Registry {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** Where Fairway runs: the registry of its account and region, and its stack. */
export interface Home extends Registry {
  readonly stack: string;
}

/** A repository with all that is part of its name. */
export interface Repository extends Registry {
  /** With its slashes: "team/app". */
  readonly name: string;
}

/** The host of a private registry, as a part of a regular expression. Its domain is that of the region's partition. */
export const REGISTRY_HOST = `\\d{12}\\.dkr[.-]ecr(?:-fips)?\\.${REGION_AND_DOMAIN}`;
const HOST = new RegExp(`^${REGISTRY_HOST}$`);

/**
 * The registry behind a host, in any partition: `ID.dkr.ecr.REGION.amazonaws.com`, `.com.cn`, FIPS, and dual-stack
 * `ID.dkr-ecr.REGION.on.aws`. Several hosts name the same registry. Undefined: it is not a private registry of ECR.
 * Source: Amazon ECR User Guide, "Private registries".
 */
export function registryOf(host: string): Registry | undefined {
  if (!HOST.test(host)) return undefined;
  const [account, , , region] = host.replace('.dkr-ecr', '.dkr.ecr').split('.');
  return account === undefined || region === undefined ? undefined : { account, region };
}

/** The host of a registry, which starts the names of its images. */
export function hostOf({ account, region }: Registry): string {
  return `${account}.dkr.ecr.${region}.${domainOf(region)}`;
}

export function isSameRegistry(one: Registry | undefined, other: Registry): boolean {
  return one?.account === other.account && one.region === other.region;
}

/** "the registry of 123456789012 in us-east-1". */
export function describeRegistry({ account, region }: Registry): string {
  return `the registry of ${account} in ${region}`;
}

/** A repository as the configuration names it. */
export interface NamedRepository {
  /** The name with its slashes: "team/app". */
  readonly repository: string;
  /** Absent: the registry of the stack's account and region. */
  readonly registry?: Registry;
}

/** Where the images of an app are pushed to: its own registry, or that of the stack. */
export function repositoryOf(home: Registry, { image }: { readonly image: NamedRepository }): Repository {
  const { account, region } = image.registry ?? home;
  return { account, region, name: image.repository };
}

/** Identifies a repository among those of a configuration: "team/app", "210987654321:eu-west-1:team/app". */
export function repositoryKey({ registry, repository }: NamedRepository): string {
  return registry === undefined ? repository : `${registry.account}:${registry.region}:${repository}`;
}

/** "team/app", "team/app in the registry of 210987654321 in eu-west-1". */
export function describeRepository({ registry, repository }: NamedRepository): string {
  return registry === undefined ? repository : `${repository} in ${describeRegistry(registry)}`;
}

/** The registry and the name in `host/team/app`; the name only, where there is no host. */
export function readRepository(written: string): NamedRepository {
  const slash = written.indexOf('/');
  const registry = registryOf(written.slice(0, Math.max(0, slash)));
  return registry === undefined
    ? { repository: written }
    : { registry, repository: written.slice(slash + 1) };
}

/** Why a region cannot read a registry: credentials and ARNs of one partition mean nothing in another. */
export function outOfReach(region: string, registry: Registry | undefined): string | undefined {
  if (registry === undefined || partitionOf(region) === partitionOf(registry.region)) return undefined;
  return `expected a repository that ${region} can read: ${registry.region} is in another partition of AWS, so push the image to a repository in ${region}`;
}
