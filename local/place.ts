/** Where a local cloud is: it has one account and one region. */
export interface Place {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

export const USUAL_PLACE: Place = { account: '123456789012', region: 'us-east-1' };

export function isSamePlace(one: Place, other: Place): boolean {
  return one.account === other.account && one.region === other.region;
}
