import { containerName, containersOf, setInContainer } from '../parts.ts';
import type { Rule } from '../rule.ts';

export const privilegedContainer: Rule = {
  id: 'privileged-container',
  title: 'Privileged container',
  severity: 'high',
  rule: 'No container is privileged.',
  why: 'Someone who breaks into a privileged container has the rights of root on its host.',
  check: (workload) =>
    containersOf(workload)
      .filter(({ privileged }) => privileged === true)
      .map((container) => ({
        resource: containerName(workload, container),
        found: 'privileged is true',
        fix: `${setInContainer(workload, container, 'privileged: false')}, and add the capabilities that it needs in \`linuxParameters.capabilities.add\``,
      })),
  failing: {
    definition: { family: 'web-app', containerDefinitions: [{ name: 'web', privileged: true }] },
  },
  passing: { definition: { family: 'web-app', containerDefinitions: [{ name: 'web' }] } },
};
