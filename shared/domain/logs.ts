import type { Raw, RawDefinition } from './revision.ts';

/** A line that a container wrote; `at` is epoch milliseconds. */
export interface LogLine {
  readonly at: number;
  readonly container: string;
  readonly text: string;
  /** Id of its task, where several write at a time. */
  readonly task?: string;
}

/** The line of a container's log that says why it failed, secrets masked, and what it means. */
export interface KeyLine {
  readonly container: string;
  readonly text: string;
  /** False: no line reports a failure, and this is the last one that says anything. */
  readonly explains: boolean;
  /** Of the cause that the table of applications knows; absent: it knows none. */
  readonly kind?: string;
  /** To follow "exited with code 1: ". */
  readonly means?: string;
  readonly advice?: string;
  readonly canHeal?: boolean;
  /** The line that explains a failed health check, with advice where its code does not say enough. */
  readonly probe?: { readonly text: string; readonly advice: string };
}

/** The end of what some containers wrote, oldest line first. */
export interface LogTail {
  readonly lines: readonly LogLine[];
  /** Where the rest is, one sentence for each container whose lines could not be read. */
  readonly elsewhere: readonly string[];
  /** At most one for each container; absent in tails that were read before Fairway chose lines. */
  readonly keyLines?: readonly KeyLine[];
}

/** What people are shown of a tail: what its lines mean is in the cause by then. */
export function shownTail({ lines, elsewhere }: LogTail): LogTail {
  return { lines, elsewhere };
}

/** Where a container of a task logs. */
export type LogPlace =
  | {
      readonly container: string;
      readonly group: string;
      readonly stream: string;
      /** Absent: that of the task. */
      readonly region?: string;
    }
  | { readonly container: string; readonly elsewhere: string };

/**
 * Where the containers of a task log, by their own log configuration. The stream of `awslogs` is
 * `prefix/container/task id`. Source: Amazon ECS Developer Guide, "Send Amazon ECS logs to CloudWatch".
 */
export function logPlaces(taskDefinition: RawDefinition, taskArn: string): readonly LogPlace[] {
  const { containerDefinitions } = taskDefinition;
  if (!Array.isArray(containerDefinitions)) return [];
  const taskId = taskArn.slice(taskArn.lastIndexOf('/') + 1);
  return containerDefinitions.flatMap((definition: Raw) => {
    const { name, logConfiguration } = objectOf(definition);
    return typeof name === 'string' ? [placeOf(name, objectOf(logConfiguration), taskId)] : [];
  });
}

function placeOf(container: string, configuration: RawDefinition, taskId: string): LogPlace {
  const driver = textOf(configuration.logDriver);
  if (driver === undefined)
    return { container, elsewhere: `${container} keeps no log: it has no logConfiguration` };
  if (driver !== 'awslogs') return { container, elsewhere: `${container} logs through ${driver}` };
  const options = objectOf(configuration.options);
  const group = textOf(options['awslogs-group']) ?? '';
  const prefix = textOf(options['awslogs-stream-prefix']);
  const region = textOf(options['awslogs-region']);
  if (prefix === undefined) {
    const elsewhere = `${container} logs to ${group}, in a stream named after its Docker id: it has no awslogs-stream-prefix`;
    return { container, elsewhere };
  }
  const place = { container, group, stream: `${prefix}/${container}/${taskId}` };
  return region === undefined ? place : { ...place, region };
}

function objectOf(value: Raw | undefined): RawDefinition {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as RawDefinition) : {};
}

function textOf(value: Raw | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
