import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../cli/fairway.ts';
import { recorded } from '../cli/fake-cloud.ts';
import { startTestCloud, type TestCloud } from '../system/cloud.ts';
import {
  CLUSTER,
  LOG_GROUPS,
  REPOSITORY,
  SCALABLE_TARGET,
  SCALING_POLICY,
  SERVICE,
  TASK_DEFINITION,
} from '../system/shippedResources.ts';
import { describeWith, type Program } from './programs.ts';
import { openShell, type Shell } from './shell.ts';

/** What `fairway apply` creates from the shipped example on an empty cloud, as the AWS CLI describes it. */

const FILE = join(import.meta.dirname, '..', '..', 'examples', 'infrastructure', 'fairway.yml');
const CLIS: readonly Program[] = ['AWS CLI of Debian', 'newest AWS CLI of PyPI'];

let cloud: TestCloud;

async function apply() {
  const { around, written } = recorded();
  const code = await run(['apply', '--yes', '--no-wait', '--local', cloud.url, '--config', FILE], around);
  expect({ code, err: written.err }).toEqual({ code: 0, err: '' });
}

beforeAll(async () => {
  cloud = await startTestCloud(await readFile(FILE, 'utf8'), undefined, { empty: true });
  await apply();
  await cloud.push('1.0.0');
  await apply();
  await cloud.control('clock', { advance: '10m' });
  await cloud.quiet();
}, 180_000);

afterAll(() => cloud?.stop());

for (const cli of CLIS) {
  describeWith(cli, (path) => {
    let aws: Shell;
    beforeAll(async () => {
      aws = await openShell(cloud.url, path);
    });
    afterAll(() => aws.close());

    it('describes the cluster', async () => {
      const { clusters } = await aws.json(
        'aws ecs describe-clusters --clusters app-prod --include SETTINGS TAGS',
      );
      expect(clusters).toMatchObject([CLUSTER]);
    });

    it('describes the repository and its lifecycle policy', async () => {
      const { repositories } = await aws.json('aws ecr describe-repositories');
      expect(repositories).toMatchObject([REPOSITORY]);
      const { lifecyclePolicyText } = await aws.json(
        'aws ecr get-lifecycle-policy --repository-name web-app',
      );
      expect(lifecyclePolicyText).toContain('imageCountMoreThan');
    });

    it('describes the task definitions', async () => {
      const { taskDefinition } = await aws.json('aws ecs describe-task-definition --task-definition web-app');
      expect(taskDefinition).toMatchObject(TASK_DEFINITION);
      const migration = await aws.json('aws ecs describe-task-definition --task-definition db-migrate');
      expect(migration.taskDefinition).toMatchObject({ family: 'db-migrate', status: 'ACTIVE' });
    });

    it('describes the service behind its target group', async () => {
      const { services } = await aws.json('aws ecs describe-services --cluster app-prod --services web-app');
      expect(services).toMatchObject([SERVICE]);
    });

    it('describes the log groups', async () => {
      const { logGroups } = await aws.json('aws logs describe-log-groups --log-group-name-prefix /ecs/');
      expect(logGroups).toMatchObject(LOG_GROUPS);
    });

    it('describes the scaling', async () => {
      const scaling = 'aws application-autoscaling';
      const targets = await aws.json(`${scaling} describe-scalable-targets --service-namespace ecs`);
      expect(targets.ScalableTargets).toMatchObject([SCALABLE_TARGET]);
      const policies = await aws.json(`${scaling} describe-scaling-policies --service-namespace ecs`);
      expect(policies.ScalingPolicies).toMatchObject([SCALING_POLICY]);
    });
  });
}
