import type { Cloud } from '../../local/cloud.ts';
import { startWorld } from '../models/world.ts';
import { kinds } from './kinds.ts';
import { fuzz } from './run.ts';
import { tell } from './tell.ts';

const REQUESTS = 700;
const SEED = 20_261_123;

describe('requests that no client sends', () => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await startWorld(SEED);
  });
  afterAll(() => cloud.stop());

  test(`${REQUESTS} of them, of every kind, are answered or refused as AWS does it`, async () => {
    const report = await fuzz(cloud, REQUESTS, SEED);
    expect(report.violations.length === 0 ? '' : tell(report, SEED)).toBe('');
    const rare = 'oversized bodies';
    expect(kinds.filter((kind) => kind !== rare && !report.kinds.has(kind))).toEqual([]);
  }, 60_000);
});
