import { aWorld, service } from './world.ts';

/** So many services with ten tasks each, all deployed again by force. */
function deployAll(services: number) {
  const world = aWorld();
  const names = Array.from({ length: services }, (_, index) => `service-${index}`);
  for (const serviceName of names)
    world.call('CreateService', { ...service, serviceName, taskDefinition: 'web-app:1', desiredCount: 10 });
  world.after(1_800);
  const before = world.events.length;
  for (const name of names)
    world.call('UpdateService', { cluster: 'prod', service: name, forceNewDeployment: true });
  let steps = 0;
  while (world.clock.nextWork() !== undefined && world.clock.runNext(Number.POSITIVE_INFINITY)) steps += 1;
  return { world, names, steps, events: world.events.length - before };
}

describe('many services', () => {
  it('are all deployed, each as if it were alone', () => {
    const { world, names, events } = deployAll(60);
    const alone = deployAll(1);
    for (const name of names) {
      const { deployments, runningCount } = world.service(name);
      expect(deployments).toEqual([expect.objectContaining({ rolloutState: 'COMPLETED' })]);
      expect(runningCount).toBe(10);
    }
    expect(events).toBe(60 * alone.events);
  });

  it('need as many clock entries per task as few services', () => {
    const few = deployAll(5);
    const many = deployAll(50);
    expect(many.steps / 50).toBeLessThanOrEqual((few.steps / 5) * 1.05);
  });
});
