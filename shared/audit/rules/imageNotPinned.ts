import { containerName, containersOf, imageOf, setInContainer } from '../parts.ts';
import type { Rule } from '../rule.ts';

export const imageNotPinned: Rule = {
  id: 'image-not-pinned',
  title: 'Image by tag instead of digest',
  severity: 'medium',
  rule: 'Every container names its image by digest. A tag, or none (`latest`), does not count. Releases of Fairway pin the images of the app.',
  why: 'A tag can point to another image at the next start of a task, so that tasks of one revision run different code.',
  check: (workload) =>
    containersOf(workload)
      .filter((container) => !imageOf(container).includes('@sha256:'))
      .map((container) => {
        const image = imageOf(container);
        const name = image.replace(/:[^:/]+$/, '');
        return {
          resource: containerName(workload, container),
          found: `its image is ${image}`,
          fix: setInContainer(workload, container, `image: ${name}@sha256:…`),
        };
      }),
  failing: {
    definition: {
      family: 'web-app',
      containerDefinitions: [{ name: 'agent', image: 'public.ecr.aws/example/agent:latest' }],
    },
  },
  passing: {
    definition: {
      family: 'web-app',
      containerDefinitions: [
        {
          name: 'agent',
          image: `public.ecr.aws/example/agent@sha256:${'4f'.repeat(32)}`,
        },
      ],
    },
  },
};
