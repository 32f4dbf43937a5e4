import { partitionOf } from '../shared/domain/partition.ts';

/** Where a local cloud is: it has one account and one region. */
export interface Place {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

export const USUAL_PLACE: Place = { account: '123456789012', region: 'us-east-1' };

/** Where a configuration is in a local cloud: in its own account and region, but in no other partition than `aws`. */
export function placeFor({
  account = USUAL_PLACE.account,
  region = USUAL_PLACE.region,
}: Partial<Place>): Place {
  return { account, region: partitionOf(region) === 'aws' ? region : USUAL_PLACE.region };
}

export function isSamePlace(one: Place, other: Place): boolean {
  return one.account === other.account && one.region === other.region;
}
