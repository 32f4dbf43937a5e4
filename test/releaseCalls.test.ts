import { playScenario } from '../bench/fleet/play.ts';
import { SCENARIOS } from '../bench/fleet/scenarios.ts';

/** With Slack and SNS, on the simulated clock, with assumed latencies. */
const measured = async (name: string) => {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (!scenario) throw new Error(`there is no scenario ${name}`);
  return playScenario(scenario, 7, 'commands');
};

describe('a release of one service', () => {
  it('makes 5 calls to ECS, 3 to ECR and at most 12 writes, and starts within 0.8 s', async () => {
    const { callsOfReleases, fromStartSeconds } = await measured('1 app × 1 service');
    const { 'dynamodb:PutItem': writes, 'dynamodb:GetItem': _, ...others } = callsOfReleases;
    expect(others).toEqual({
      'ecs:DescribeServices': 2,
      'ecs:DescribeTaskDefinition': 1,
      'ecs:RegisterTaskDefinition': 1,
      'ecs:UpdateService': 1,
      'ecr:DescribeImages': 1,
      'ecr:BatchGetImage': 1,
      'ecr:GetDownloadUrlForLayer': 1,
    });
    expect(writes).toBeLessThanOrEqual(12);
    expect(fromStartSeconds).toBeLessThanOrEqual(0.8);
  });
});

describe('a release of 50 services', () => {
  it('makes at most 40 writes of 1,000 units, and starts one function for the push and one for each service', async () => {
    const { seconds, writes, writeUnits, invocations, failedInvocations } =
      await measured('1 app × 50 services');
    expect(seconds).toBeLessThanOrEqual(7);
    expect(writes).toBeLessThanOrEqual(40);
    expect(writeUnits).toBeLessThanOrEqual(1_000);
    // Among them the sweep.
    expect(invocations).toBeLessThanOrEqual(53);
    expect(failedInvocations).toBe(0);
  });
});
