import { UsageError } from '../command.ts';
import { exitCode, Failure } from '../failure.ts';

/** `--cluster`: the name of a cluster, or its ARN. */
export interface NamedCluster {
  readonly cluster: string;
  /** Where the ARN says that it is. */
  readonly region?: string;
  readonly account?: string;
}

const ARN = /^arn:aws[a-z-]*:ecs:([a-z0-9-]+):(\d{12}):cluster\/([\w-]+)$/;
const NAME = /^[A-Za-z0-9][\w-]{0,254}$/;

/** Throws a `UsageError`. */
export function namedCluster(text: string): NamedCluster {
  const [, region, account, cluster] = ARN.exec(text) ?? [];
  if (region !== undefined && account !== undefined && cluster !== undefined)
    return { cluster, region, account };
  if (!NAME.test(text))
    throw new UsageError(`--cluster needs the name or the ARN of a cluster, not "${text}"`);
  return { cluster: text };
}

/** The region to read. Throws a `Failure` where the option contradicts the ARN. */
export function wantedRegion(named: NamedCluster, option: string | undefined): string | undefined {
  if (option !== undefined && named.region !== undefined && option !== named.region)
    throw new Failure(
      exitCode.usage,
      `--region ${option} contradicts the ARN of the cluster, which is in ${named.region}: leave --region out`,
    );
  return option ?? named.region;
}
