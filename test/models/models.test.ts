import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../../local/cloud.ts';
import { type Caller, createCaller } from './caller.ts';
import { autoscaling } from './cases/autoscaling.ts';
import { ecs } from './cases/ecs.ts';
import { elasticloadbalancing } from './cases/loadBalancing.ts';
import { events, lambda, scheduler, sns, sqs } from './cases/messages.ts';
import { ecr } from './cases/registry.ts';
import { cloudformation, dynamodb, iam, logs, secretsmanager, ssm, sts, tagging } from './cases/stores.ts';
import { inputShapesOf } from './inputs.ts';
import { startWorld } from './world.ts';

const CASES: Readonly<Record<string, (caller: Caller) => Promise<void>>> = {
  'application-autoscaling': autoscaling,
  cloudformation,
  dynamodb,
  ecr,
  ecs,
  elasticloadbalancing,
  events,
  iam,
  lambda,
  logs,
  scheduler,
  secretsmanager,
  sns,
  sqs,
  ssm,
  sts,
  tagging,
};

describe("the local cloud's answers are what AWS's service models say", () => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await startWorld();
  });
  afterAll(() => cloud.stop());

  test.each(Object.entries(CASES))('%s', async (service, play) => {
    const caller = createCaller(cloud, service);
    await play(caller);
    const operations = Object.keys(cloud.apis.find((api) => api.service === service)?.operations ?? {});
    expect(caller.faults).toEqual([]);
    // A new operation needs a case above that succeeds.
    expect(operations.filter((operation) => !caller.called.has(operation))).toEqual([]);
  });

  test('docs/local-cloud.md names every operation that is simulated', () => {
    const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'local-cloud.md'), 'utf8');
    const words = new Set(text.match(/\w+/g));
    const operations = cloud.apis.flatMap((api) => Object.keys(api.operations));
    expect(operations.filter((operation) => !words.has(operation))).toEqual([]);
  });

  test('the types of inputs that the front checks are those of the models: npm run shapes', () => {
    const file = join(import.meta.dirname, '..', '..', 'local', 'front', 'shapes.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(inputShapesOf(cloud.apis));
  });

  test('every simulated service has cases', () => {
    expect(cloud.apis.map(({ service }) => service).filter((service) => !CASES[service])).toEqual([]);
  });
});
