import { auditPolicy } from '../../shared/audit/permissions.ts';
import { readWorkloads } from '../../shared/audit/read/workloads.ts';
import { compileConfiguration } from '../../shared/config/load.ts';
import type { Aws } from '../../shared/infrastructure/kind.ts';
import { EXAMPLE } from '../infrastructure/example.ts';
import { guarded } from '../infrastructure/guarded.ts';
import { aRunningExample, PLACE } from '../infrastructure/world.ts';

const TARGET_GROUP = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef';
const BALANCED = EXAMPLE.replace(
  '    scaling:\n',
  `    loadBalancers: [{ targetGroupArn: "${TARGET_GROUP}", containerName: web, containerPort: 8080 }]\n    scaling:\n`,
);

test('the audit needs no more than its policy, and all of it', async () => {
  const { apps } = compileConfiguration(
    'environment: production\ndefaults: { cluster: app-prod }\napps: { web: { image: { repository: web-app, tags: { digest: latest } }, services: [{ name: web-app }] } }',
    'fairway.yml',
  );
  const cloud = await aRunningExample(BALANCED);
  cloud.clock.runUntil(cloud.clock.now() + 600_000);
  await attachPolicies(cloud.aws);
  // Without a scan, the images of an index are looked up.
  await cloud.aws('ecr', 'PutImageScanningConfiguration', {
    repositoryName: 'web-app',
    imageScanningConfiguration: { scanOnPush: false },
  });
  const document = auditPolicy(apps, PLACE);
  const { calls, used } = guarded(document, cloud.aws);

  const { notes } = await readWorkloads({ apps, environment: 'production', now: cloud.clock.now() }, calls);

  expect(notes).toEqual([]);
  const granted = document.Statement.flatMap(({ Action }) => Action);
  expect(granted.filter((action) => !used.has(action))).toEqual([]);
  expect(granted.filter((action) => !/:(?:Describe|Get|List|BatchGet)/.test(action))).toEqual([]);
});

/** A policy of each kind, so that all reads are needed. */
async function attachPolicies(aws: Aws): Promise<void> {
  const role = { RoleName: 'web-app-task' };
  const PolicyDocument = '{"Statement":[]}';
  await aws('iam', 'PutRolePolicy', { ...role, PolicyName: 'own', PolicyDocument });
  await aws('iam', 'CreatePolicy', { PolicyName: 'shared', PolicyDocument });
  await aws('iam', 'AttachRolePolicy', { ...role, PolicyArn: 'arn:aws:iam::123456789012:policy/shared' });
}
