/** The partitions of AWS: groups of regions that share nothing, each with its own ARNs and domains. */

interface Partition {
  /** As ARNs begin: "aws", "aws-cn". */
  readonly id: string;
  /** Its regions, as a part of a regular expression. */
  readonly region: string;
  /** The end of host names. */
  readonly domain: string;
  /** The end of a dual-stack registry's host, where there are such registries. */
  readonly dualStack?: string;
}

/**
 * A region is of the first partition that it fits. A region of `aws` may have a prefix that is not known today.
 * Source: partitions of the AWS SDKs, `regionRegex` and `dnsSuffix`; Amazon ECR User Guide, "Private registries".
 */
const PARTITIONS: readonly Partition[] = [
  {
    ...{ id: 'aws-cn', region: 'cn-[a-z]+-\\d+' },
    ...{ domain: 'amazonaws.com.cn', dualStack: 'on.amazonwebservices.com.cn' },
  },
  { id: 'aws-us-gov', region: 'us-gov-[a-z]+-\\d+', domain: 'amazonaws.com', dualStack: 'on.aws' },
  { id: 'aws-eusc', region: 'eusc-[a-z]{2}-[a-z]+-\\d+', domain: 'amazonaws.eu' },
  { id: 'aws-iso', region: 'us-iso-[a-z]+-\\d+', domain: 'c2s.ic.gov' },
  { id: 'aws-iso-b', region: 'us-isob-[a-z]+-\\d+', domain: 'sc2s.sgov.gov' },
  { id: 'aws-iso-e', region: 'eu-isoe-[a-z]+-\\d+', domain: 'cloud.adc-e.uk' },
  { id: 'aws-iso-f', region: 'us-isof-[a-z]+-\\d+', domain: 'csp.hci.ic.gov' },
];
const AWS: Partition = {
  ...{ id: 'aws', region: '(?!cn-)[a-z]{2}-[a-z]+-\\d+' },
  ...{ domain: 'amazonaws.com', dualStack: 'on.aws' },
};
const ALL = [...PARTITIONS, AWS];

/** The name of a region, as a part of a regular expression. */
export const REGION = `(?:${ALL.map(({ region }) => region).join('|')})`;

/** A region and the domain of its registries, which belong together, as a part of a regular expression. */
export const REGION_AND_DOMAIN = `(?:${ALL.map(regionAndDomain).join('|')})`;

function regionAndDomain({ region, domain, dualStack }: Partition): string {
  const domains = [domain, ...(dualStack === undefined ? [] : [dualStack])];
  return `${region}\\.(?:${domains.map((each) => each.replaceAll('.', '\\.')).join('|')})`;
}

function partition(region: string): Partition {
  return PARTITIONS.find((each) => new RegExp(`^${each.region}$`).test(region)) ?? AWS;
}

/** The partition of a region, as its ARNs begin. */
export function partitionOf(region: string): string {
  return partition(region).id;
}

/** The end of AWS's host names in a region. */
export function domainOf(region: string): string {
  return partition(region).domain;
}
