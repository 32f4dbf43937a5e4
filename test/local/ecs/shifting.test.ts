import type { JsonObject } from '../../../local/contract.ts';
import {
  aShiftingWorld,
  BLUE,
  GREEN,
  loadBalancers,
  pauseAt,
  RULE,
  shifting,
  TEST_RULE,
} from './shifting.ts';
import { aWorld, service } from './world.ts';

describe('a BLUE_GREEN deployment', () => {
  it('passes the stages in order, and ends with all the traffic on the other target group', () => {
    const world = aShiftingWorld(shifting('BLUE_GREEN')).deploy();
    const seen = new Set<string>();
    for (let second = 0; second < 2_000; second += 1) {
      const { lifecycleStage, status } = world.go(1).open();
      if (status === 'SUCCESSFUL') break;
      if (lifecycleStage !== undefined) seen.add(lifecycleStage);
    }
    expect([...seen]).toEqual([
      'PRE_SCALE_UP',
      'SCALE_UP',
      'POST_SCALE_UP',
      'TEST_TRAFFIC_SHIFT',
      'POST_TEST_TRAFFIC_SHIFT',
      'PRE_PRODUCTION_TRAFFIC_SHIFT',
      'PRODUCTION_TRAFFIC_SHIFT',
      'POST_PRODUCTION_TRAFFIC_SHIFT',
      'BAKE_TIME',
      'CLEAN_UP',
    ]);
    expect([world.weights(), world.testWeights()]).toEqual([
      [0, 100],
      [0, 100],
    ]);
    expect(world.service()).toMatchObject({
      taskDefinition: expect.stringMatching(/web-app:2$/),
      runningCount: 3,
    });
    expect(world.service().deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED' }]);
  });

  it('runs both revisions, and gives the new one no requests before the shift', () => {
    const world = aShiftingWorld(shifting('BLUE_GREEN')).deploy().until('POST_SCALE_UP');
    expect(world.service()).toMatchObject({ runningCount: 6 });
    expect(world.weights()).toEqual([100, 0]);
    expect(world.until('POST_TEST_TRAFFIC_SHIFT').testWeights()).toEqual([0, 100]);
    expect(world.weights()).toEqual([100, 0]);
    expect(world.until('BAKE_TIME').weights()).toEqual([0, 100]);
    expect(world.service()).toMatchObject({ runningCount: 6 });
    expect(world.open()).toMatchObject({
      targetServiceRevision: { requestedProductionTrafficWeight: 100 },
      sourceServiceRevisions: [{ requestedProductionTrafficWeight: 0 }],
    });
  });

  it.each(['BAKE_TIME', 'CLEAN_UP'])(
    'of a service that is scaled in during %s ends at the new count',
    (stage) => {
      const world = aShiftingWorld(shifting('BLUE_GREEN')).deploy().until(stage);
      world.world.update({ desiredCount: 1 });
      world.go(1_800);
      expect(world.open()).toMatchObject({ status: 'SUCCESSFUL' });
      expect(world.service()).toMatchObject({ desiredCount: 1, runningCount: 1 });
    },
  );

  it('alternates between the target groups', () => {
    const world = aShiftingWorld(shifting('BLUE_GREEN')).deploy().go(1_800).deploy('web-app:1').go(1_800);
    expect(world.weights()).toEqual([100, 0]);
    const arns = [world.open().targetServiceRevision.arn];
    const [revision] = world.call('DescribeServiceRevisions', { serviceRevisionArns: arns }).serviceRevisions;
    expect(revision.resolvedConfiguration).toEqual({
      loadBalancers: [{ targetGroupArn: BLUE, productionListenerRule: RULE }],
    });
  });

  it.each(['SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT', 'BAKE_TIME', 'CLEAN_UP'])(
    'that is stopped in %s returns the traffic, and ends with the old revision',
    (stage) => {
      const world = aShiftingWorld(shifting('BLUE_GREEN')).deploy().until(stage).stop();
      expect(world.open()).toMatchObject({ status: 'ROLLBACK_REQUESTED' });
      world.go(1_800);
      expect(world.open()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
      expect(world.weights()).toEqual([100, 0]);
      expect(world.service()).toMatchObject({
        taskDefinition: expect.stringMatching(/web-app:1$/),
        runningCount: 3,
      });
      // The free target group is still green.
      expect(world.deploy().go(1_800).weights()).toEqual([0, 100]);
    },
  );

  it('that is stopped in CLEAN_UP may end SUCCESSFUL instead: that is disputed', () => {
    const disputed = { stopInCleanUp: 'finishes' } as const;
    const world = aShiftingWorld(shifting('BLUE_GREEN'), { disputed })
      .deploy()
      .until('CLEAN_UP')
      .stop()
      .go(1_800);
    expect(world.open()).toMatchObject({ status: 'SUCCESSFUL' });
    expect(world.weights()).toEqual([0, 100]);
  });

  it('whose tasks crash is rolled back by the circuit breaker, without a shift', () => {
    const world = aShiftingWorld(shifting('BLUE_GREEN'));
    world.behaviours.push({ image: 'web-app:2', exit: { after: '2s', code: 1 } });
    world.deploy().go(1_800);
    expect(world.open()).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      deploymentCircuitBreaker: { status: 'TRIGGERED' },
      rollback: { reason: expect.stringContaining('circuit breaker') },
    });
    expect(world.weights()).toEqual([100, 0]);
  });

  it('of a new service has nothing to roll back to', () => {
    const world = aWorld();
    world.behaviours.push({ exit: { after: '2s', code: 1 } });
    world.call('CreateService', {
      ...service,
      loadBalancers,
      deploymentConfiguration: shifting('BLUE_GREEN'),
    });
    world.after(1_800);
    const [one] = world.call('ListServiceDeployments', {
      cluster: 'prod',
      service: 'web',
    }).serviceDeployments;
    expect(one).toMatchObject({
      status: 'ROLLBACK_FAILED',
      statusReason: 'No rollback candidate was found to run the rollback.',
    });
  });

  it('is superseded by a newer one, which first reconciles the service', () => {
    const world = aShiftingWorld(shifting('BLUE_GREEN')).deploy().until('BAKE_TIME').deploy('web-app:1');
    expect(world.go(2).open()).toMatchObject({ lifecycleStage: 'RECONCILE_SERVICE' });
    const { serviceDeployments } = world.call('ListServiceDeployments', { cluster: 'prod', service: 'web' });
    expect(serviceDeployments[1]).toMatchObject({ status: 'STOPPED' });
    expect(world.go(5).weights()).toEqual([100, 0]);
    world.go(1_800);
    expect(world.open()).toMatchObject({ status: 'SUCCESSFUL' });
    expect(world.weights()).toEqual([0, 100]);
    expect(world.service()).toMatchObject({ runningCount: 3 });
  });

  it('without a load balancer replaces the tasks, without a shift', () => {
    const world = aShiftingWorld(shifting('BLUE_GREEN'), { more: { loadBalancers: [] } })
      .deploy()
      .go(1_800);
    expect(world.open()).toMatchObject({ status: 'SUCCESSFUL' });
    expect(world.service()).toMatchObject({ runningCount: 3, taskDefinition: expect.stringMatching(/:2$/) });
  });
});

describe('the traffic of the strategies', () => {
  function steps(configuration: JsonObject): readonly number[] {
    const world = aShiftingWorld(configuration).deploy();
    const seen = [0];
    for (let second = 0; second < 12_000 && world.open().status !== 'SUCCESSFUL'; second += 5) {
      const share = world.go(5).weights()[1] ?? 0;
      if (share !== seen.at(-1)) seen.push(share);
    }
    return seen;
  }

  it('CANARY: a small share, then all', () => {
    expect(
      steps(shifting('CANARY', { canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 3 } })),
    ).toEqual([0, 10, 100]);
  });

  it('LINEAR: in equal steps', () => {
    const linearConfiguration = { stepPercent: 30, stepBakeTimeInMinutes: 2 };
    expect(steps(shifting('LINEAR', { linearConfiguration }))).toEqual([0, 30, 60, 90, 100]);
  });
});

describe('an alarm', () => {
  const alarms = { alarms: { alarmNames: ['web-5xx'], enable: true, rollback: true } };

  it('after the shift rolls the deployment back', () => {
    const world = aShiftingWorld(shifting('BLUE_GREEN', alarms)).deploy().until('BAKE_TIME');
    world.ecs.setAlarm('web-5xx', 'ALARM');
    world.go(1_800);
    expect(world.open()).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      alarms: { status: 'TRIGGERED', triggeredAlarmNames: ['web-5xx'] },
    });
    expect(world.weights()).toEqual([100, 0]);
  });

  it('that is in ALARM at the start is ignored', () => {
    const world = aShiftingWorld(shifting('CANARY', alarms));
    world.ecs.setAlarm('web-5xx', 'ALARM');
    expect(world.deploy().go(7_200).open()).toMatchObject({ status: 'SUCCESSFUL' });
  });

  it('of another deployment changes nothing', () => {
    const world = aShiftingWorld(shifting('BLUE_GREEN', alarms)).deploy().until('BAKE_TIME');
    world.ecs.setAlarm('other', 'ALARM');
    expect(world.go(1_800).open()).toMatchObject({ status: 'SUCCESSFUL' });
  });
});

describe('a pause hook', () => {
  const paused = shifting('BLUE_GREEN', pauseAt('POST_TEST_TRAFFIC_SHIFT'));
  const waiting = () => aShiftingWorld(paused).deploy().until('POST_TEST_TRAFFIC_SHIFT').go(600);

  it('waits for a person, and continues', () => {
    const world = waiting();
    expect(world.hook()).toMatchObject({
      status: 'AWAITING_ACTION',
      targetType: 'PAUSE',
      timeoutAction: 'ROLLBACK',
    });
    expect(world.answer('CONTINUE').go(1_800).open()).toMatchObject({ status: 'SUCCESSFUL' });
    expect(world.hookEvents()).toEqual(['HOOK_AWAITING_ACTION', 'HOOK_SUCCEEDED']);
  });

  it('is rolled back by a person', () => {
    const world = waiting().answer('ROLLBACK').go(1_800);
    expect(world.open()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
    expect(world.hookEvents()).toEqual(['HOOK_AWAITING_ACTION', 'HOOK_FAILED']);
  });

  it.each([
    ['ROLLBACK', 'ROLLBACK_SUCCESSFUL'],
    ['CONTINUE', 'SUCCESSFUL'],
  ])('that expires does %s', (action, status) => {
    const configuration = shifting('BLUE_GREEN', pauseAt('POST_SCALE_UP', { timeoutInMinutes: 30, action }));
    const world = aShiftingWorld(configuration).deploy().go(7_200);
    expect(world.open()).toMatchObject({ status });
    expect(world.hookEvents()).toEqual(['HOOK_AWAITING_ACTION', 'HOOK_TIMED_OUT']);
  });

  it('gets a fresh id at each step', () => {
    const canary = { canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 1 } };
    const stage = 'PRE_PRODUCTION_TRAFFIC_SHIFT';
    const world = aShiftingWorld(shifting('CANARY', { ...canary, ...pauseAt(stage) }))
      .deploy()
      .until(stage)
      .go(10);
    const first = world.hook().hookId;
    world.answer('CONTINUE').go(120).until(stage).go(10);
    expect(world.hook().hookId).not.toBe(first);
    const { serviceDeploymentArn } = world.open();
    expect(() => world.call('ContinueServiceDeployment', { serviceDeploymentArn, hookId: first })).toThrow(
      'Provided hookId is either completed, unavailable, or not associated with the given Resource ARN',
    );
  });

  it('is not answered by an id of another form, nor after the end', () => {
    const world = waiting();
    const { serviceDeploymentArn } = world.open();
    const { hookId } = world.hook();
    const answer = (id: string) => () =>
      world.call('ContinueServiceDeployment', { serviceDeploymentArn, hookId: id });
    expect(answer('nonsense')).toThrow('Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}');
    world.answer('ROLLBACK').go(1_800);
    expect(answer(hookId)).toThrow(
      'Continuing a service deployment is not allowed for service deployment in terminal states.',
    );
  });
});

describe('weights that infrastructure code has reset', () => {
  function reset(disputed: 'unnoticed' | 'rolledBack') {
    const world = aShiftingWorld(shifting('BLUE_GREEN'), { disputed: { resetWeights: disputed } })
      .deploy()
      .go(1_800);
    const TargetGroups = [
      { TargetGroupArn: BLUE, Weight: 100 },
      { TargetGroupArn: GREEN, Weight: 0 },
    ];
    world.balancing('ModifyRule', {
      RuleArn: RULE,
      Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
    });
    return world.deploy('web-app:1').go(1_800);
  }

  it('may roll the next deployment back', () => {
    expect(reset('rolledBack').open()).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: expect.stringContaining('forwarding traffic to unexpected target group'),
    });
  });

  it('may be unnoticed', () => {
    expect(reset('unnoticed').open()).toMatchObject({ status: 'SUCCESSFUL' });
  });
});

describe('a rule of a listener', () => {
  it('keeps its other actions and its stickiness', () => {
    const world = aShiftingWorld(shifting('BLUE_GREEN'));
    const sticky = { Enabled: true, DurationSeconds: 60 };
    const Actions = [
      { Type: 'authenticate-oidc', Order: 1 },
      {
        Type: 'forward',
        Order: 2,
        ForwardConfig: {
          TargetGroups: [{ TargetGroupArn: BLUE, Weight: 1 }],
          TargetGroupStickinessConfig: sticky,
        },
      },
    ];
    world.balancing('ModifyRule', { RuleArn: RULE, Actions });
    world.deploy().go(1_800);
    const [rule] = world.balancing('DescribeRules', { RuleArns: [RULE] }).Rules;
    expect(rule.Actions).toMatchObject([
      { Type: 'authenticate-oidc' },
      { Type: 'forward', Order: 2, ForwardConfig: { TargetGroupStickinessConfig: sticky } },
    ]);
    expect(world.weights()).toEqual([0, 100]);
  });
});

describe('what ECS refuses', () => {
  const [balancer] = loadBalancers;
  const advanced = balancer?.advancedConfiguration;
  const balanced = (changes: object) => [{ ...balancer, advancedConfiguration: { ...advanced, ...changes } }];

  it.each([
    [[{ ...balancer, advancedConfiguration: undefined }], 'advancedConfiguration field is required'],
    [balanced({ alternateTargetGroupArn: BLUE }), `Duplicate targetGroupArn found: ${BLUE}`],
    [balanced({ productionListenerRule: 'arn:x' }), 'productionListenerRule has an invalid ARN format'],
    [balanced({ testListenerRule: RULE }), 'cannot be used as both production and test listener rules'],
    [[...loadBalancers, { targetGroupArn: TEST_RULE }], 'Either all or none of the provided loadBalancers'],
  ])('%#', (given, message) => {
    const input = { ...service, loadBalancers: given, deploymentConfiguration: shifting('BLUE_GREEN') };
    expect(() => aWorld().call('CreateService', input)).toThrow(message);
  });

  it.each(['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT', 'SCALE_UP'])('a pause at %s', (stage) => {
    const deploymentConfiguration = shifting('BLUE_GREEN', pauseAt(stage));
    expect(() =>
      aWorld().call('CreateService', { ...service, loadBalancers, deploymentConfiguration }),
    ).toThrow(stage);
  });

  it.each([
    [{ bakeTimeInMinutes: 'ten' }, "Unexpected type for member 'bakeTimeInMinutes'"],
    [{ linearConfiguration: { stepPercent: 0 } }, 'stepPercent must be between 3 and 100.'],
    [{ canaryConfiguration: { canaryPercent: 101 } }, 'canaryPercent must be between 0.1 and 100.'],
    [
      { earlySuccessCriteria: { enable: true, healthyPercent: 'all' } },
      "Unexpected type for member 'healthyPercent'",
    ],
  ])('with the request, not once the deployment reads it: %j', (more, message) => {
    const input = { ...service, loadBalancers, deploymentConfiguration: shifting('LINEAR', more) };
    expect(() => aWorld().call('CreateService', input)).toThrow(message);
  });
});
