import * as z from 'zod/mini';
import { instant, parse } from './parse.ts';

/** The `source` of the events that schedules send. */
export const SCHEDULE_SOURCE = 'fairway.schedule';

interface ScheduleCall {
  readonly app: string;
  readonly task: string;
  /** The scheduled time, epoch milliseconds: the same for every delivery of one call. */
  readonly at: number;
}

const call = z.object({
  source: z.literal(SCHEDULE_SOURCE),
  app: z.string(),
  task: z.string(),
  time: instant,
});

/**
 * The input that Fairway's stack gives its schedules; `time` is the context attribute `aws.scheduler.scheduled-time`.
 * Throws an IntakeError. Source: EventBridge Scheduler User Guide, "Adding context attributes".
 */
export function parseScheduleCall(event: unknown): ScheduleCall {
  const { app, task, time } = parse("a schedule's call", call, event);
  return { app, task, at: time };
}
