import { createAnnounce, createTell } from '../../shared/announce/announce.ts';
import { observedService, observedTask } from '../../shared/aws/observations.ts';
import { compileConfiguration } from '../../shared/config/load.ts';
import { parseEcrEvent } from '../../shared/intake/ecr.ts';
import {
  anApp,
  anObservedService,
  aScheduledTask,
  aStage,
  aTask,
  digestOf,
  MINUTE,
  revision,
  START,
} from '../builders.ts';

/** Names that every object inherits; those that AWS takes for services, tasks and containers, and Fairway for apps. */
const NAMES = Object.getOwnPropertyNames(Object.prototype).filter((name) => /^[A-Za-z]/.test(name));

/** What is the same for every name: whatever is played with it, its name replaced. */
function alike<Result>(play: (name: string) => Result, name: string) {
  const told = (result: Result, of: string) => JSON.stringify(result).replaceAll(of, 'NAME');
  expect(told(play(name), name)).toBe(told(play('ordinary'), 'ordinary'));
}

function anAppCalled(name: string) {
  const task = aScheduledTask(name, { like: name, family: name, container: name });
  return anApp({
    name,
    services: [{ name, wave: 1, family: name, containers: [name] }],
    before: [aTask(name)],
    tasks: [task],
    channels: [name],
  });
}

/** A release goes live, a task stops for it, another deploys; a scheduled run begins and ends. */
function story(name: string) {
  const stage = aStage(anAppCalled(name)).adopted();
  stage.when({ type: 'scheduleChecked', task: name, missed: [] });
  stage.prepared('1.1.0');
  stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] });
  stage.when({ type: 'taskStopped', taskArn: 'task/1', scaledIn: false });
  stage.answer('lookAtTask', {
    kind: 'taskSeen',
    task: {
      taskArn: 'task/1',
      found: true,
      lastStatus: 'STOPPED',
      scaledIn: false,
      exitCodes: { [name]: 0 },
    },
  });
  stage.updated().ended(name);
  stage.when({ type: 'scheduled', task: name, at: START });
  stage.answer('prepareRun', {
    kind: 'runPrepared',
    image: { tag: '1.1.0', digest: digestOf('1.1.0') },
    revision: revision(name, 11),
  });
  stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/2'] });
  stage.when({ type: 'taskStopped', taskArn: 'task/2', scaledIn: false });
  stage.answer('lookAtTask', {
    kind: 'taskSeen',
    task: {
      taskArn: 'task/2',
      found: true,
      lastStatus: 'STOPPED',
      scaledIn: false,
      exitCodes: { [name]: 0 },
    },
  });
  stage.later(20 * MINUTE);
  const deploymentId = 'ecs-svc/foreign';
  stage.when({ type: 'taskStopped', taskArn: 'task/3', service: name, deploymentId, scaledIn: false });
  stage.when({ type: 'deploymentEnded', service: name, deploymentId });
  if (stage.pending('adopt').length > 0)
    stage.answer('adopt', {
      kind: 'adopted',
      services: [
        { service: name, deploymentId, taskDefinition: revision(name, 12), digest: digestOf('1.1.0') },
      ],
    });
  stage.push('1.2.0');
  stage.answer('lookAtServices', {
    kind: 'servicesSeen',
    services: [anObservedService(name, { primary: deploymentId, runs: revision(name, 12) })],
  });
  return stage.state;
}

describe('a name that every object inherits', () => {
  it.each(NAMES)('is a name like another for app, service, container, task and channel: %s', (name) => {
    alike(story, name);
  });

  it.each(NAMES)('is a name like another where a container has no exit code: %s', async (name) => {
    const stage = aStage(anAppCalled(name)).adopted();
    stage.prepared('1.1.0');
    stage.answer('startRun', { kind: 'runStarted', taskArns: ['task/1'] });
    stage.when({ type: 'taskStopped', taskArn: 'task/1', scaledIn: false });
    const task = await observedTask('task/1', { lastStatus: 'STOPPED', containers: [{ name }] });
    stage.answer('lookAtTask', { kind: 'taskSeen', task });
    expect(stage.state.release).toBeUndefined();
    expect(stage.state.ended[0]?.end?.outcome).toBe('failed');
    expect(JSON.stringify(stage.state.ended[0])).not.toContain('exitCode');
  });

  it.each(NAMES)('is a name like another in fairway.yml: %s', (name) => {
    alike((called) => {
      const text = `environment: production
channels: { ${called}: { sns: {} } }
apps:
  ${called}:
    cluster: ${called}
    channels: [${called}]
    image: { repository: web-app, tags: { newest: "*" } }
    services: [{ name: ${called}, containers: [${called}] }]
    tasks: [{ name: ${called}, like: ${called}, container: ${called}, schedule: { expression: rate(1 hour) } }]`;
      return compileConfiguration(text, 'fairway.yml');
    }, name);
  });

  it.each(NAMES)('is no channel that is configured: %s', async (channel) => {
    const announce = createAnnounce({
      channels: {},
      topicArn: 'arn',
      readSecret: async () => '',
      publish: () => Promise.reject(new Error('nothing is to be published')),
      now: () => START,
    });
    const tell = createTell(announce, (message) => {
      throw new Error(message);
    });
    const news = {
      kind: 'app',
      app: 'web',
      environment: 'p',
      account: '1',
      region: 'r',
      cluster: 'c',
      at: START,
    } as const;
    const announcement = { ...news, topic: 'held', severity: 'info', sentence: 'held' } as const;
    expect(await tell(channel, announcement, undefined, 0)).toEqual({ kind: 'announced' });
  });

  it.each(NAMES)('is no event that ECR sends: %s', (name) => {
    const event = {
      source: 'aws.ecr',
      'detail-type': name,
      time: '2026-01-01T00:00:00Z',
      detail: { 'action-type': name },
    };
    const parsed = () => parseEcrEvent(event);
    expect(() => parsed()).not.toThrow(TypeError);
    try {
      expect(parsed()).toMatchObject({ kind: 'ignored' });
    } catch (error) {
      expect(error).toHaveProperty('name', 'IntakeError');
    }
  });

  it.each(NAMES)('is no deployment strategy: %s', async (name) => {
    expect((await observedService(name, { serviceName: name, deployments: [] })).service).toBe(name);
  });
});
