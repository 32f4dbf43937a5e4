import { describeRedaction } from './properties.ts';

/** Set `REDACTION_SEED` to play a failure again, `REDACTION_ROUNDS` to play longer. */
const seed = Number(process.env.REDACTION_SEED ?? Math.floor(Date.now() / 1000) % 1_000_000_000);
const rounds = Number(process.env.REDACTION_ROUNDS ?? 10_000);

describeRedaction(seed, rounds);
