import { counted } from '../../domain/counted.ts';
import { repositoriesOf } from '../repositories.ts';
import type { Rule } from '../rule.ts';

export const criticalFindings: Rule = {
  id: 'critical-findings',
  title: 'Critical vulnerabilities in the live image',
  severity: 'high',
  rule: 'The scan of the image that runs has no critical findings. Images without a completed scan do not count.',
  why: 'What runs now has vulnerabilities that are known, and often exploited.',
  check: (workload) =>
    repositoriesOf(workload).flatMap(({ name, facts: { critical = 0 } }) =>
      critical > 0
        ? [
            {
              resource: `repository ${name}`,
              found: `the live image has ${counted(critical, 'critical finding')}`,
              fix: `\`aws ecr describe-image-scan-findings --repository-name ${name} --image-id imageDigest=…\` lists them: update the packages or the base image, and push a new image`,
            },
          ]
        : [],
    ),
  failing: { repositories: { 'web-app': { critical: 3 } } },
  passing: { repositories: { 'web-app': { critical: 0 } } },
};
