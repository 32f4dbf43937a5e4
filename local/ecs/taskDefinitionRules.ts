import { AwsError, type JsonObject } from '../contract.ts';
import { list, number, object, objects, text, texts } from './read.ts';

/** What RegisterTaskDefinition refuses, with AWS's messages. */

function refused(message: string): AwsError {
  return new AwsError('ClientException', message);
}

const step = (from: number, to: number, by: number): readonly number[] =>
  Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);

/** cpu units → MiB. AWS docs: task-cpu-memory-error. */
const FARGATE_SIZES: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1024, 2048]],
  [512, step(1024, 4096, 1024)],
  [1024, step(2048, 8192, 1024)],
  [2048, step(4096, 16384, 1024)],
  [4096, step(8192, 30720, 1024)],
  [8192, step(16384, 61440, 4096)],
  [16384, step(32768, 122880, 8192)],
  [32768, [61440, 122880, 249856]],
]);

const WINDOWS_SIZES: readonly number[] = [1024, 2048, 4096];

export function isFargateSize(cpu: number, memory: number, windows = false): boolean {
  if (windows && !WINDOWS_SIZES.includes(cpu)) return false;
  return FARGATE_SIZES.get(cpu)?.includes(memory) ?? false;
}

/** "1 vCPU", ".5 vcpu", "512" → units; undefined otherwise. */
export function cpuUnits(value: string): number | undefined {
  const match = /^(\d*\.?\d+)\s*(vcpu)?$/i.exec(value.trim());
  if (match === null) return undefined;
  const units = Number(match[1]) * (match[2] === undefined ? 1 : 1024);
  return Number.isInteger(units) ? units : undefined;
}

/** "2GB", "0.5 GB", "1024" → MiB; undefined otherwise. */
export function memoryMegabytes(value: string): number | undefined {
  const match = /^(\d*\.?\d+)\s*(gb)?$/i.exec(value.trim());
  if (match === null) return undefined;
  const megabytes = Number(match[1]) * (match[2] === undefined ? 1 : 1024);
  return Number.isInteger(megabytes) ? megabytes : undefined;
}

const FAMILY = /^[A-Za-z0-9_-]{1,255}$/;
const LARGEST = 64 * 1024;

/** Throws ClientException for a task definition that ECS refuses. */
export function checkTaskDefinition(input: JsonObject): void {
  const family = text(input, 'family') ?? '';
  if (family === '') throw refused('Family should not be null or empty.');
  if (!FAMILY.test(family)) throw refused('Family contains invalid characters.');
  const containers = objects(input, 'containerDefinitions');
  if (containers.length === 0) throw refused('Container list cannot be empty.');
  if (containers.length > 10) throw refused('Task definition cannot have more than 10 containers.');
  if (JSON.stringify(input).length > LARGEST)
    throw refused('Actual task definition length exceeds the limit of 65536 bytes.');

  const size = checkSize(input);
  const fargate = texts(input, 'requiresCompatibilities').includes('FARGATE');
  const names = new Set<string>();
  for (const container of containers) {
    const name = text(container, 'name') ?? '';
    if (name === '') throw refused('Container.name should not be null or empty.');
    if ((text(container, 'image') ?? '') === '')
      throw refused('Container.image should not be null or empty.');
    if (names.has(name)) throw refused(`Container name '${name}' is duplicated.`);
    names.add(name);
    checkTimes(container);
    const sized = number(container, 'memory') ?? number(container, 'memoryReservation');
    if (sized === undefined && size.memory === undefined) {
      throw refused(
        `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
      );
    }
  }
  if (containers.every((each) => each.essential === false)) {
    throw refused('At least one container in the task definition must be essential.');
  }
  if (fargate) checkFargate(input, containers, size);
}

/** ECS API reference, HealthCheck and ContainerDefinition: [least, most] in seconds, or of tries. */
const HEALTH_CHECK = {
  interval: [5, 300],
  timeout: [2, 60],
  retries: [1, 10],
  startPeriod: [0, 300],
} as const;
const LONGEST_STOP = 86_400;

function checkTimes(container: JsonObject): void {
  const check = object(container, 'healthCheck') ?? {};
  for (const [member, [least, most]] of Object.entries(HEALTH_CHECK)) {
    const value = number(check, member);
    if (value !== undefined && (value < least || value > most)) {
      throw refused(`Invalid health check ${member} ${value}: it must be between ${least} and ${most}.`);
    }
  }
  const stop = number(container, 'stopTimeout');
  if (stop !== undefined && (stop < 0 || stop > LONGEST_STOP)) throw refused(`Invalid stopTimeout ${stop}.`);
}

interface Size {
  readonly cpu?: number;
  readonly memory?: number;
}

function checkSize(input: JsonObject): Size {
  const cpuText = text(input, 'cpu');
  const memoryText = text(input, 'memory');
  const cpu = cpuText === undefined ? undefined : cpuUnits(cpuText);
  const memory = memoryText === undefined ? undefined : memoryMegabytes(memoryText);
  if (cpuText !== undefined && cpu === undefined) throw refused("Invalid 'cpu' setting for task.");
  if (memoryText !== undefined && memory === undefined) throw refused("Invalid 'memory' setting for task.");
  return { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
}

function checkFargate(input: JsonObject, containers: readonly JsonObject[], size: Size): void {
  if (text(input, 'networkMode') !== 'awsvpc') throw refused('Fargate only supports network mode ‘awsvpc’.');
  if (size.cpu === undefined) throw refused("Fargate requires that 'cpu' be defined at the task level.");
  if (size.memory === undefined)
    throw refused("Fargate requires that 'memory' be defined at the task level.");
  const system = text(object(input, 'runtimePlatform') ?? {}, 'operatingSystemFamily') ?? 'LINUX';
  if (!isFargateSize(size.cpu, size.memory, system.startsWith('WINDOWS'))) {
    throw refused('No Fargate configuration exists for given values.');
  }
  if (text(input, 'executionRoleArn') !== undefined) return;
  const needs = 'Fargate requires task definition to have execution role ARN to support';
  for (const container of containers) {
    if (/\.dkr\.ecr\./.test(text(container, 'image') ?? '')) throw refused(`${needs} ECR images.`);
    const driver = text(object(container, 'logConfiguration') ?? {}, 'logDriver');
    if (driver === 'awslogs') throw refused(`${needs} log driver awslogs.`);
    if (list(container, 'secrets').length > 0) throw refused(`${needs} secrets.`);
  }
}
