import { aWorld, service } from './world.ts';

const ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef';
const balanced = {
  ...service,
  desiredCount: 1,
  taskDefinition: 'web-app:1',
  loadBalancers: [{ targetGroupArn: ARN, containerName: 'web', containerPort: 8080 }],
  healthCheckGracePeriodSeconds: 3_600,
};

function aWorldWith(targetHealth?: string, settings: object = {}) {
  const world = aWorld();
  if (targetHealth !== undefined) world.behaviours.push({ targetHealth });
  world.call('CreateService', { ...balanced, ...settings });
  const health = () =>
    world
      .balancing('DescribeTargetHealth', { TargetGroupArn: ARN })
      .TargetHealthDescriptions.map(({ TargetHealth }: { TargetHealth: object }) => TargetHealth);
  return { ...world, health };
}

describe('the health of targets', () => {
  it.each([
    [undefined, { State: 'healthy' }],
    [
      'unhealthy',
      {
        State: 'unhealthy',
        Reason: 'Target.FailedHealthChecks',
        Description: 'Health checks failed',
      },
    ],
    ['unhealthy timeout', { State: 'unhealthy', Reason: 'Target.Timeout', Description: 'Request timed out' }],
    [
      'unhealthy 404',
      {
        State: 'unhealthy',
        Reason: 'Target.ResponseCodeMismatch',
        Description: 'Health checks failed with these codes: [404]',
      },
    ],
  ])('of a container that is %s', (targetHealth, expected) => {
    const world = aWorldWith(targetHealth);
    world.after(300);
    expect(world.health()).toEqual([expected]);
  });

  it('is unknown until the first check has counted', () => {
    const world = aWorldWith('unhealthy');
    world.after(35);
    expect(world.tasks()[0]).toMatchObject({ lastStatus: 'RUNNING' });
    expect(world.health()).toMatchObject([{ State: 'initial', Reason: 'Elb.InitialHealthChecking' }]);
  });

  it('of a task that is taken out, and of a target that was never there', () => {
    const world = aWorldWith();
    world.after(300);
    world.update({ desiredCount: 0 });
    world.after(10);
    expect(world.health()).toMatchObject([{ State: 'draining', Reason: 'Target.DeregistrationInProgress' }]);
    const asked = { TargetGroupArn: ARN, Targets: [{ Id: '192.0.2.1' }] };
    expect(world.balancing('DescribeTargetHealth', asked).TargetHealthDescriptions).toMatchObject([
      { Target: { Id: '192.0.2.1' }, TargetHealth: { State: 'unused', Reason: 'Target.NotRegistered' } },
    ]);
  });

  it('is what the events of the service say', () => {
    const world = aWorldWith('unhealthy 404', { healthCheckGracePeriodSeconds: 0 });
    world.after(300);
    const messages = world.service().events.map(({ message }: { message: string }) => message);
    expect(messages.join('\n')).toContain(
      `is unhealthy in (target-group ${ARN}) due to (reason Health checks failed with these codes: [404]).`,
    );
  });
});

describe('a target group', () => {
  it("has AWS's defaults, and the port of its service", () => {
    const world = aWorldWith();
    const { TargetGroups } = world.balancing('DescribeTargetGroups', { TargetGroupArns: [ARN] });
    expect(TargetGroups).toMatchObject([
      {
        TargetGroupName: 'web',
        Port: 8080,
        HealthCheckPath: '/',
        HealthCheckIntervalSeconds: 30,
        UnhealthyThresholdCount: 2,
        Matcher: { HttpCode: '200' },
      },
    ]);
  });

  it('that no service names does not exist', () => {
    const world = aWorldWith();
    expect(() => world.balancing('DescribeTargetHealth', { TargetGroupArn: `${ARN}0` })).toThrow(
      'One or more target groups not found',
    );
  });
});
