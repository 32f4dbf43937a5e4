import { loadConfig, NODE_REGION_CONFIG_FILE_OPTIONS, NODE_REGION_CONFIG_OPTIONS } from '@smithy/core/config';
import type { Configuration } from '../shared/domain/app.ts';
import { outOfReach } from '../shared/domain/registry.ts';

/** Where a region can be set. */
interface RegionSources {
  /** `--region`. */
  readonly option?: string | undefined;
  /** `region` in the configuration file. */
  readonly configured?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The region of the AWS profile; undefined if it has none. */
  readonly profile: () => Promise<string | undefined>;
}

/** What to do if no region is set, as the end of a sentence. */
export const SET_A_REGION =
  'pass --region, set AWS_REGION, set a region in your AWS profile, or write `region:` in fairway.yml';

/**
 * The region of every command, including `serverless`: `--region`, `region` in the configuration file, AWS_REGION,
 * AWS_DEFAULT_REGION, or the AWS profile. Undefined if none is set: there is no default.
 * Throws if `--region` contradicts the configuration file.
 */
export async function regionFrom({
  option,
  configured,
  env,
  profile,
}: RegionSources): Promise<string | undefined> {
  if (option !== undefined && configured !== undefined && option !== configured) {
    throw new Error(
      `--region ${option} contradicts \`region: ${configured}\` in the configuration file: leave the option out, or change the file`,
    );
  }
  // The AWS CLI treats an empty variable as unset.
  return option ?? configured ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || (await profile()));
}

/** The region of an AWS profile: the named one, or that of AWS_PROFILE, or "default". */
export async function regionOfProfile(profile?: string): Promise<string | undefined> {
  // The SDK's default asks the instance metadata, over the network.
  const options = { ...NODE_REGION_CONFIG_OPTIONS, default: NO_REGION };
  const files = { ...NODE_REGION_CONFIG_FILE_OPTIONS, ...(profile === undefined ? {} : { profile }) };
  const region = await loadConfig(options, files)();
  return region === NO_REGION ? undefined : region;
}

const NO_REGION = '';

/**
 * Throws an Error where images are in another partition than the region. Reading the file checks only a region that the
 * file names.
 */
export function refuseOtherPartition({ apps }: Configuration, region: string | undefined): void {
  if (region === undefined) return;
  const faults = apps.flatMap(({ name, image }) => {
    const fault = outOfReach(region, image.registry);
    return fault === undefined ? [] : [`apps.${name}.image.repository: ${fault}`];
  });
  if (faults.length > 0) throw new Error(faults.join('\n'));
}
