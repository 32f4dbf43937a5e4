/** Assumed round trips of AWS's APIs, milliseconds; ours are not measured on AWS. */
const LATENCIES: Readonly<Record<string, number>> = {
  GetItem: 5,
  PutItem: 8,
  Query: 8,
  DescribeImages: 60,
  BatchGetImage: 60,
  GetDownloadUrlForLayer: 40,
  DescribeServices: 70,
  DescribeTaskDefinition: 50,
  ListTaskDefinitions: 50,
  RegisterTaskDefinition: 200,
  UpdateService: 300,
  DescribeTasks: 60,
  ListTasks: 60,
  DescribeServiceRevisions: 60,
};

/** Of an operation that is not named. */
const USUAL = 30;
/** A throttled call is answered sooner than one that is carried out. */
export const THROTTLED = 15;
/** One message to a channel. */
export const CHANNEL = 30;

export function latencyOf(operation: string): number {
  return LATENCIES[operation] ?? USUAL;
}
