import { timeNoteIn, timesOf, whereTimeWent } from '../../shared/domain/releases/timing.ts';
import { anApp, anObservedService, aStage, MINUTE, START } from '../builders.ts';

const SECOND = 1_000;
const at = (seconds: number, message: string) => ({
  at: START + seconds * SECOND,
  message: `(service web-app) ${message}`,
});
const TARGET = 'in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1)';
const EVENTS = [
  at(-60, 'has started 3 tasks: (task 0).'),
  at(18, 'has started 3 tasks: (task 1) (task 2) (task 3).'),
  at(35, `registered 1 targets ${TARGET}`),
  at(39, `registered 1 targets ${TARGET}`),
  at(64, `deregistered 1 targets ${TARGET}`),
  at(64, 'has stopped 3 running tasks: (task 4).'),
  at(364, '(deployment ecs-svc/1) deployment completed.'),
  at(364, 'has reached a steady state.'),
];

describe('the parts of a rolling deployment', () => {
  it('are those that the events of the service show', () => {
    expect(timesOf(EVENTS, START)).toEqual({
      placed: 18 * SECOND,
      started: 21 * SECOND,
      healthy: 25 * SECOND,
      drained: 300 * SECOND,
      drains: true,
    });
  });

  it('are not distinguished where old tasks stop before all new ones have started', () => {
    const batches = [...EVENTS, at(100, 'has started 1 tasks: (task 5).')].toSorted((a, b) => a.at - b.at);
    expect(timesOf(batches, START)).toEqual({ placed: 18 * SECOND });
  });

  it.each([
    ['without a load balancer', EVENTS.filter(({ message }) => !message.includes('target-group'))],
    ['where the last event has not arrived yet', EVENTS.slice(0, 5)],
  ])('%s are fewer', (_, events) => {
    expect(timesOf(events, START)).not.toHaveProperty(['started', 'drained']);
    expect(timesOf(events, START).placed).toBe(18 * SECOND);
  });

  it.each([
    ['when ECS created it', EVENTS, undefined],
    ['what ECS said', [], START],
  ])('are unknown without %s', (_, events, since) => {
    expect(timesOf(events, since)).toEqual({});
  });
});

describe('a release that is live', () => {
  /** The note of a release of one service, by these events. */
  function noteOf(events: typeof EVENTS, bake?: number) {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    stage.push('1.1.0');
    stage.registered(() => (bake === undefined ? {} : { overrides: { bake } })).updated();
    const [rollout] = stage.state.release?.services ?? [];
    const { deploymentId = '', target = '', deployedAt = 0 } = rollout ?? {};
    stage.later(6 * MINUTE);
    stage.when({ type: 'deploymentEnded', service: 'web-app', deploymentId });
    const [deployment] = anObservedService('web-app').deployments;
    const ours = { ...deployment, id: deploymentId, taskDefinition: target, rolloutState: 'COMPLETED' };
    const overrides = {
      events: events.map((event) => ({ ...event, at: event.at - START + deployedAt })),
      deployments: [{ ...ours, status: 'PRIMARY', running: 3, desired: 3, failedTasks: 0 }],
    };
    stage.answer('lookAtServices', {
      kind: 'servicesSeen',
      services: [anObservedService('web-app', { overrides })],
    });
    return stage.state.ended[0]?.notes ?? [];
  }

  it('says where its time went', () => {
    const notes = noteOf(EVENTS);
    expect(notes).toEqual([
      expect.stringMatching(
        /^live after 6 min.*: web-app 18 s until its tasks were placed, 21 s pull and start, 25 s until healthy, 5 min draining \(the deregistration delay of its target group sets that; 30 s would make it live after about 1 min 3\d s\)$/,
      ),
    ]);
    expect(timeNoteIn(['another note', ...notes])).toMatch(/^live after 6 min/);
  });

  it('blames no deregistration delay without a target group', () => {
    const alone = EVENTS.filter(({ message }) => !message.includes('target-group'));
    expect(noteOf(alone)[0]).toMatch(/ 5 min stopping the old tasks$/);
  });

  it('blames no deregistration delay for the bake', () => {
    expect(noteOf(EVENTS, 4 * MINUTE)[0]).toMatch(/ 5 min stopping the old tasks and baking$/);
  });

  it('says nothing where no part is known', () => {
    const release = aStage(anApp()).adopted().later(MINUTE).prepared('1.1.0').state.release;
    expect(release && whereTimeWent(release, START)).toBeUndefined();
  });
});
