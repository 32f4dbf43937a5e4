import { textAt } from '../../infrastructure/json.ts';
import { containerName, containersOf, isWindows, setInContainer } from '../parts.ts';
import type { Rule } from '../rule.ts';

export const rootContainer: Rule = {
  id: 'root-container',
  title: 'Container as root',
  severity: 'medium',
  rule: 'No container names `root` or `0` as its `user`. Containers that name none are a matter of their image, which the audit does not read. Windows is excepted.',
  why: 'An attacker in the container has root access to its files, and needs one kernel vulnerability to escape.',
  check: (workload) =>
    containersOf(workload)
      .filter((container) => !isWindows(workload) && isRoot(textAt(container, 'user') ?? ''))
      .map((container) => ({
        resource: containerName(workload, container),
        found: `user is ${textAt(container, 'user') ?? ''}`,
        fix: setInContainer(workload, container, 'user: "1000:1000"'),
      })),
  failing: { definition: { family: 'web-app', containerDefinitions: [{ name: 'web', user: 'root' }] } },
  passing: { definition: { family: 'web-app', containerDefinitions: [{ name: 'web', user: '1000' }] } },
};

function isRoot(user: string): boolean {
  return /^(?:root|0)(?::|$)/.test(user);
}
