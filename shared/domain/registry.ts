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

/**
 * The domains of AWS's partitions: standard and dual-stack, then the isolated ones.
 * Source: partitions of the AWS SDKs, `dnsSuffix` and `dualStackDnsSuffix`; Amazon ECR User Guide, "Private registries".
 */
const DOMAINS = [
  'amazonaws\\.com(?:\\.cn)?',
  'on\\.aws',
  'on\\.amazonwebservices\\.com\\.cn',
  'amazonaws\\.eu',
  'c2s\\.ic\\.gov',
  'sc2s\\.sgov\\.gov',
  'cloud\\.adc-e\\.uk',
  'csp\\.hci\\.ic\\.gov',
].join('|');

/** The host of a private registry, as a part of a regular expression. */
export const REGISTRY_HOST = `\\d{12}\\.dkr[.-]ecr(?:-fips)?\\.[a-z0-9-]+\\.(?:${DOMAINS})`;
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

/** The partition of a region. Source: AWS General Reference, "Amazon Resource Names (ARNs)". */
export function partitionOf(region: string): 'aws' | 'aws-cn' | 'aws-us-gov' {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** The end of AWS's host names in a region. */
export function domainOf(region: string): string {
  return partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}
