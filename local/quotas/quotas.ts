import { AwsError } from '../contract.ts';
import { type Bucket, createBucket, type Rate } from './bucket.ts';
import { ECS_CATEGORIES, ECS_RATES } from './ecs.ts';

/** `aws`: as documented for an account; `none`: every call is answered. */
export type Enforced = 'aws' | 'none';

/** Rates at which AWS accepts calls. */
export interface Quotas {
  enforce(which: Enforced): void;
  enforced(): Enforced;
  /** Throws what AWS answers a call for which there is no token. */
  check(service: string, operation: string, region: string): void;
  reset(): void;
}

interface QuotaOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly enforced?: Enforced | undefined;
  /** The part of each rate that is left: other callers of the account use the rest. Default 1. */
  readonly share?: number;
}

/** One bucket per category and region, as ECS has them. */
export function createQuotas({ now, enforced: first = 'none', share = 1 }: QuotaOptions): Quotas {
  let enforced = first;
  const buckets = new Map<string, Bucket>();
  const bucketOf = (category: keyof typeof ECS_RATES, region: string): Bucket => {
    const key = `${region}/${category}`;
    const bucket = buckets.get(key) ?? createBucket(shareOf(ECS_RATES[category], share), now);
    buckets.set(key, bucket);
    return bucket;
  };
  return {
    enforce(which) {
      enforced = which;
      buckets.clear();
    },
    enforced: () => enforced,
    check(service, operation, region) {
      const category = service === 'ecs' ? ECS_CATEGORIES.get(operation) : undefined;
      if (enforced === 'none' || category === undefined) return;
      if (!bucketOf(category, region).take()) throw new AwsError('ThrottlingException', 'Rate exceeded');
    },
    reset() {
      enforced = first;
      buckets.clear();
    },
  };
}

function shareOf({ burst, refill }: Rate, share: number): Rate {
  return { burst: Math.max(1, Math.floor(burst * share)), refill: refill * share };
}
