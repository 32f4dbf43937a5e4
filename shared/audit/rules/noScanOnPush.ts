import { repositoriesOf } from '../repositories.ts';
import type { Rule } from '../rule.ts';

export const noScanOnPush: Rule = {
  id: 'no-scan-on-push',
  title: 'Images are not scanned',
  severity: 'medium',
  rule: "The repositories of the images are scanned on push or continuously, by the registry's effective scanning configuration.",
  why: 'Known vulnerabilities in images go live without anyone noticing.',
  check: (workload) =>
    repositoriesOf(workload).flatMap(({ name, facts }) =>
      facts.scans === false
        ? [
            {
              resource: `repository ${name}`,
              found: 'images are not scanned when they are pushed',
              fix: `\`aws ecr put-image-scanning-configuration --repository-name ${name} --image-scanning-configuration scanOnPush=true\`, or a rule in the registry's scanning configuration`,
            },
          ]
        : [],
    ),
  failing: { repositories: { 'web-app': { scans: false } } },
  passing: { repositories: { 'web-app': { scans: true } } },
};
