import type { App } from './app.ts';

/** A private registry of ECR: one per account and region. */
export interface Registry {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** A repository with all that is part of its name. */
export interface Repository extends Registry {
  /** With its slashes: "team/app". */
  readonly name: string;
}

/**
 * The registry behind a host, in any partition: `ID.dkr.ecr.REGION.amazonaws.com`, `.com.cn`, FIPS, and dual-stack
 * `ID.dkr-ecr.REGION.on.aws`. Several hosts name the same registry. Undefined: it is not a private registry of ECR.
 * Source: Amazon ECR User Guide, "Private registries".
 */
export function registryOf(host: string): Registry | undefined {
  const parts = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z0-9.-]+$/.exec(host);
  const [, account, region] = parts ?? [];
  return account === undefined || region === undefined ? undefined : { account, region };
}

export function isSameRegistry(one: Registry | undefined, other: Registry): boolean {
  return one?.account === other.account && one.region === other.region;
}

/** "the registry of 123456789012 in us-east-1". */
export function describeRegistry({ account, region }: Registry): string {
  return `the registry of ${account} in ${region}`;
}

/** Where the images of an app are pushed to. */
export function repositoryOf({ account, region }: Registry, app: Pick<App, 'image'>): Repository {
  return { account, region, name: app.image.repository };
}
