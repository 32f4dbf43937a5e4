import { containerName, containersOf, isWindows, setInContainer } from '../parts.ts';
import type { Rule } from '../rule.ts';

export const writableRootFilesystem: Rule = {
  id: 'writable-root-filesystem',
  title: 'Writable root file system',
  severity: 'low',
  rule: 'Containers have a read-only root file system. Services with ECS Exec are excepted, since its agent writes there, and so is Windows.',
  why: 'Someone who breaks into the container can replace its programs.',
  check(workload) {
    if (workload.service?.enableExecuteCommand === true || isWindows(workload)) return [];
    return containersOf(workload)
      .filter(({ readonlyRootFilesystem }) => readonlyRootFilesystem !== true)
      .map((container) => ({
        resource: containerName(workload, container),
        found: 'readonlyRootFilesystem is not true',
        fix: `${setInContainer(workload, container, 'readonlyRootFilesystem: true')}, and mount a volume where it writes, such as /tmp`,
      }));
  },
  failing: { definition: { family: 'web-app', containerDefinitions: [{ name: 'web' }] } },
  passing: {
    service: { serviceName: 'web-app', enableExecuteCommand: true },
    definition: { family: 'web-app', containerDefinitions: [{ name: 'web' }] },
  },
};
