import { auditDaily } from '../../shared/audit/daily.ts';
import { paced } from '../../shared/audit/read/pacing.ts';
import { createRawCalls } from '../../shared/aws/rawCalls.ts';
import { retrying } from '../../shared/infrastructure/retrying.ts';
import { announceNow, auditMemory, onInvocation } from '../../shared/lambda.ts';

/** Runs once a day: audits what the configured apps run. Its role only reads. */
export const handler = onInvocation(({ runtime }) => {
  const { configuration, location, now, deadline, sleep, log } = runtime;
  return auditDaily({
    configuration,
    location,
    aws: retrying(paced(createRawCalls({}), { now, sleep }), sleep),
    memory: auditMemory(runtime),
    announce: (channel, announcement) => announceNow(channel, announcement, undefined),
    ...{ now, deadline, log },
  });
});
