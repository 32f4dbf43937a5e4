import type { Shape } from '../models/shapes.ts';
import { FUNCTION, TABLE } from '../models/world.ts';
import type { Dice } from '../simulation/dice.ts';

/** Values that fit a shape, with names that mean something to the local cloud, and values that fit nothing. */

const ECS = 'arn:aws:ecs:us-east-1:123456789012';
const DIGEST = `sha256:${'0'.repeat(64)}`;
const STACK = 'arn:aws:sns:us-east-1:123456789012:fairway-prod-Topic';

/** Names worth guessing, by the member they are given in. */
const KNOWN: Readonly<Record<string, readonly [string, ...string[]]>> = {
  cluster: ['prod', 'default', `${ECS}:cluster/prod`],
  clusterName: ['prod', 'other', 'default'],
  clusters: ['prod'],
  containerName: ['web'],
  cpu: ['256', '1 vCPU', '.5 vcpu'],
  family: ['web', 'job'],
  familyPrefix: ['web'],
  image: ['nginx', '123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1'],
  imageDigest: [DIGEST],
  imageManifest: ['{"schemaVersion":2,"layers":[]}', '{"manifests":[{}]}', '[]', 'null'],
  imageTag: ['1', 'latest'],
  include: ['TAGS'],
  logGroupName: ['/ecs/web'],
  logStreamName: ['a'],
  logStreamNames: ['a'],
  memory: ['512', '1GB'],
  name: ['web', 'job'],
  networkMode: ['awsvpc', 'bridge'],
  nextToken: ['MQ', 'not a token', 'LTE'],
  repositoryName: ['web', 'team/web'],
  repositoryNames: ['web'],
  resourceArn: [`${ECS}:cluster/prod`, `${ECS}:service/prod/web`, `${ECS}:task-definition/web:1`],
  service: ['web', `${ECS}:service/prod/web`],
  serviceDeploymentArn: [`${ECS}:service-deployment/prod/web/x`],
  serviceName: ['web', 'other'],
  services: ['web', 'other'],
  task: [`${ECS}:task/prod/0123456789abcdef0123456789abcdef`],
  taskDefinition: ['web', 'web:1', 'job', `${ECS}:task-definition/web:1`],
  taskDefinitions: ['web:1'],
  type: ['ECS', 'COUNT'],
  Detail: ['{}', '{"a":[1]}', '[]'],
  Event: ['{}', '{"source":"a","detail":{}}'],
  EventPattern: ['{"source":["a"]}', '{"detail":{"a":[{"prefix":"b"}]}}', '{"$or":[{"a":[1]},{"b":[2]}]}'],
  FunctionName: [FUNCTION],
  Name: ['slack', '/a/b', 'fairway-image-pushed-rule-1'],
  QueueUrl: ['https://sqs.us-east-1.amazonaws.com/123456789012/dead'],
  Rule: ['fairway-image-pushed-rule-1'],
  SecretId: ['slack'],
  Source: ['test', 'aws.ecs'],
  TableName: [TABLE],
  TopicArn: [STACK, 'arn:aws:sns:us-east-1:123456789012:releases'],
};

/** Names that only the local cloud could make up: ARNs of tasks and deployments. */
const made = new Map<string, readonly [string, ...string[]]>();

/** From now on this is one of the names worth guessing for that member. */
export function learn(member: string, name: string): void {
  made.set(member, [name]);
}

const ODD_TEXTS: readonly [string, ...string[]] = [
  '',
  ' ',
  'a',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  'arn:',
  'arn:aws:ecs:us-east-1:123456789012:service/',
  ':',
  '/',
  '%',
  '%E0%A4%A',
  '\u0000',
  '\u0007\u001b[31m',
  '\ud800',
  '💥 ünï',
  '<a>&"\'',
  '${jndi:x}',
  '9'.repeat(400),
  'x'.repeat(5000),
  'NaN',
  '-1',
  '1e999',
];
const ODD_NUMBERS: readonly [number, ...number[]] = [
  0,
  1,
  -1,
  2,
  10,
  0.5,
  100,
  256,
  1000,
  65536,
  2 ** 31,
  -(2 ** 31),
  2 ** 53,
  1e21,
  1e308,
  -1e308,
  1.5e-300,
];

/** Members that hold a key of the table. */
const KEYS: ReadonlySet<string> = new Set(['Key', 'Item']);

export function oddText(dice: Dice): string {
  return dice.pick(ODD_TEXTS);
}

/** A value that fits the shape; optional members come by chance. `depth` bounds shapes that contain themselves. */
export function valueFor(shape: Shape, dice: Dice, name: string, depth = 0): unknown {
  switch (shape.kind) {
    case 'text': {
      const known = made.get(name) ?? KNOWN[name];
      if (shape.values) return shape.values[dice.between(0, shape.values.length - 1)];
      return known && dice.chance(0.8) ? dice.pick(known) : oddText(dice);
    }
    case 'blob':
      return Buffer.from(oddText(dice)).toString('base64');
    case 'number':
      return dice.chance(0.7) ? dice.between(0, 20) : dice.pick(ODD_NUMBERS);
    case 'boolean':
      return dice.chance(0.5);
    case 'timestamp':
      return dice.chance(0.8) ? 1_790_000_000 + dice.between(0, 1000) : dice.pick(ODD_NUMBERS);
    case 'document':
      return anything(dice, depth);
    case 'list':
      return several(dice, depth).map(() => valueFor(shape.item(), dice, name, depth + 1));
    case 'map':
      if (KEYS.has(name) && dice.chance(0.8)) return { pk: { S: dice.pick(['a', 'b']) } };
      return Object.fromEntries(
        several(dice, depth).map(() => [
          dice.chance(0.5) ? oddText(dice) : dice.pick(['a', TABLE, 'pk']),
          valueFor(shape.value(), dice, '', depth + 1),
        ]),
      );
    case 'structure': {
      if (shape.union) {
        const all = [...shape.members];
        const one = all[dice.between(0, all.length - 1)];
        return one ? { [one[0]]: depth > 4 ? '1' : valueFor(one[1].shape(), dice, one[0], depth + 1) } : {};
      }
      const chance = depth === 0 ? dice.pick([0.02, 0.5]) : depth > 4 ? 0 : 0.3;
      const taken = [...shape.members].filter(
        ([member, { required }]) => required || dice.chance(KNOWN[member] ? Math.max(chance, 0.7) : chance),
      );
      return Object.fromEntries(
        taken.map(([member, each]) => [member, valueFor(each.shape(), dice, member, depth + 1)]),
      );
    }
  }
}

function several(dice: Dice, depth: number): readonly number[] {
  return Array.from(
    { length: depth > 4 ? 0 : dice.between(0, 2) + (dice.chance(0.02) ? 60 : 0) },
    (_, at) => at,
  );
}

/** JSON of any type, for where something else is expected. */
export function anything(dice: Dice, depth = 0): unknown {
  const simple = [null, true, false, dice.pick(ODD_NUMBERS), oddText(dice), [], {}] as const;
  if (depth > 2 || dice.chance(0.7)) return dice.pick(simple);
  if (dice.chance(0.5)) return [anything(dice, depth + 1), anything(dice, depth + 1)];
  return { [oddText(dice)]: anything(dice, depth + 1), a: anything(dice, depth + 1) };
}
