import { DescribeServiceRevisionsCommand, type Service, type Task } from '@aws-sdk/client-ecs';
import { type Clients, type Time, untilDeadline } from './clients.ts';
import { translated } from './faults.ts';

type Digests = Readonly<Record<string, string>>;

/**
 * Digests by container of the PRIMARY deployment: from its service revision, or from its running tasks if
 * DescribeServices has no service revision (services that were just created, and emulators).
 */
export async function runningDigests(
  client: Clients['ecs'],
  time: Time,
  service: Service | undefined,
  runningTasks: (deploymentId: string) => Promise<readonly Task[]>,
): Promise<Digests> {
  const primary = service?.deployments?.find((deployment) => deployment.status === 'PRIMARY');
  if (primary?.id === undefined) return {};
  const arns = service?.currentServiceRevisions?.flatMap(({ arn }) => arn ?? []) ?? [];
  const byRevision = await digestsOfRevision(client, time, arns, primary.taskDefinition);
  if (Object.keys(byRevision).length > 0) return byRevision;
  const tasks = await runningTasks(primary.id);
  return digestsOf(tasks.flatMap(({ containers = [] }) => containers));
}

async function digestsOfRevision(
  client: Clients['ecs'],
  time: Time,
  serviceRevisionArns: string[],
  taskDefinition: string | undefined,
): Promise<Digests> {
  if (serviceRevisionArns.length === 0) return {};
  const { serviceRevisions = [] } = await translated('ecs:DescribeServiceRevisions', () =>
    client.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns }), untilDeadline(time)),
  );
  const current = serviceRevisions.find((one) => one.taskDefinition === taskDefinition);
  const images = current?.containerImages ?? [];
  return digestsOf(images.map(({ containerName: name, imageDigest }) => ({ name, imageDigest })));
}

interface RunningContainer {
  readonly name?: string | undefined;
  readonly imageDigest?: string | undefined;
}

function digestsOf(containers: readonly RunningContainer[]): Digests {
  return Object.fromEntries(
    containers.flatMap(({ name, imageDigest }) =>
      name === undefined || imageDigest === undefined ? [] : [[name, imageDigest]],
    ),
  );
}
