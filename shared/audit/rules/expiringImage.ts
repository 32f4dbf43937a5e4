import { repositoriesOf } from '../repositories.ts';
import type { Rule } from '../rule.ts';

export const expiringImage: Rule = {
  id: 'expiring-image',
  title: 'Lifecycle policy would expire an image in use',
  severity: 'high',
  rule: 'The lifecycle policies of the repositories, evaluated over the images that are there, expire neither an image that runs nor one that a rollback would return to.',
  why: 'ECS pulls an image again for every new task: once it has expired, scaling out, a replaced task and a rollback fail.',
  check: (workload) =>
    repositoriesOf(workload).flatMap(({ name, facts: { expiring = [] } }) =>
      expiring.length > 0
        ? [
            {
              resource: `repository ${name}`,
              found: expiring.join('; '),
              fix: `raise \`countNumber\` of that rule, or limit it to other tags, with \`aws ecr put-lifecycle-policy --repository-name ${name} --lifecycle-policy-text …\``,
            },
          ]
        : [],
    ),
  failing: { repositories: { 'web-app': { expiring: ['rule 1 would expire the live image 1.2.0'] } } },
  passing: { repositories: { 'web-app': { expiring: [] } } },
};
