import type { Announcement } from '../domain/announcement.ts';
import type { Row } from './message.ts';

/** Account, region and cluster. Links name the cluster as well. */
export function placeRows(place: Pick<Announcement, 'account' | 'region' | 'cluster'>): Row[] {
  return [
    { name: 'Account', text: `${place.account} ${place.region}` },
    { name: 'Cluster', text: place.cluster, minor: true },
  ];
}
