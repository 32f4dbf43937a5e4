import { spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find, type Program } from '../../test/clients/programs.ts';
import { CLUSTER, NEW_TAG } from './scenarios.ts';

/** A deployment tool with its own defaults: poll intervals and patience are the tool's. */
interface Tool {
  readonly name: string;
  readonly program: Program;
  /** The command line that deploys; files it needs are written to `directory`. */
  readonly prepare: (job: Job, program: string) => Promise<string>;
}

interface Job {
  readonly service: string;
  readonly repository: string;
  readonly directory: string;
  /** As DescribeTaskDefinition answers it. */
  readonly taskDefinition: Readonly<Record<string, unknown>>;
}

export const TOOLS: readonly Tool[] = [
  {
    name: 'ecspresso',
    program: 'ecspresso',
    async prepare({ service, repository, directory, taskDefinition }, program) {
      const config = {
        region: 'us-east-1',
        cluster: CLUSTER,
        service,
        task_definition: 'task.json',
        timeout: '10m0s',
      };
      await writeFile(join(directory, 'ecspresso.json'), JSON.stringify(config));
      await writeFile(join(directory, 'task.json'), withImage(taskDefinition, repository));
      return `'${program}' --config ecspresso.json deploy`;
    },
  },
  {
    name: 'ecs-deploy',
    program: 'ecs-deploy',
    prepare: async ({ service }, program) => `'${program}' deploy ${CLUSTER} ${service} --tag ${NEW_TAG}`,
  },
  {
    name: 'AWS CLI',
    program: 'newest AWS CLI of PyPI',
    async prepare({ service, repository, directory, taskDefinition }, program) {
      await writeFile(join(directory, 'task.json'), withImage(taskDefinition, repository));
      return [
        `revision=$('${program}' ecs register-task-definition --cli-input-json file://task.json --query taskDefinition.taskDefinitionArn --output text)`,
        `'${program}' ecs update-service --cluster ${CLUSTER} --service ${service} --task-definition "$revision" >/dev/null`,
        `'${program}' ecs wait services-stable --cluster ${CLUSTER} --services ${service}`,
      ].join(' && ');
    },
  },
];

/** Members that RegisterTaskDefinition does not take. */
const OF_A_REVISION = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
];

function withImage(taskDefinition: Readonly<Record<string, unknown>>, repository: string): string {
  const members = Object.entries(taskDefinition).filter(([name]) => !OF_A_REVISION.includes(name));
  return JSON.stringify(Object.fromEntries(members)).replaceAll(
    new RegExp(`/${repository}:[0-9.]+"`, 'g'),
    `/${repository}:${NEW_TAG}"`,
  );
}

export interface Verdict {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly success: boolean;
  /** The last line it said. */
  readonly said: string;
}

/** Runs a tool against the endpoint until it ends. Throws when the tool is missing. */
export async function deploy(tool: Tool, job: Omit<Job, 'directory'>, endpoint: string): Promise<Verdict> {
  const program = find(tool.program);
  if (program === undefined) throw new Error(`${tool.name} is missing: .ci/install-clients installs it`);
  const directory = await mkdtemp(join(tmpdir(), 'fairway-peers-'));
  const line = await tool.prepare({ ...job, directory }, program);
  const env = {
    PATH: process.env.PATH,
    HOME: directory,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'AKIDLOCAL',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  };
  const startedAt = Date.now();
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/bash', ['-c', line], { cwd: directory, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += String(chunk);
      });
    }
    child.once('error', reject);
    child.once('close', (code) => {
      const said = output.trim().split('\n').at(-1) ?? '';
      resolve({ startedAt, endedAt: Date.now(), success: code === 0, said });
    });
  });
}
