import type { TrafficPath } from '../../shared/domain/strategies/traffic.ts';
import { checkTraffic } from '../../shared/perform/traffic.ts';
import { AwsFault } from '../../shared/ports.ts';

const ELB = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
const BLUE = `${ELB}:targetgroup/web-blue/1`;
const GREEN = `${ELB}:targetgroup/web-green/1`;
const PATH: TrafficPath = {
  rule: `${ELB}:listener-rule/app/web/1/2/3`,
  groups: [BLUE, GREEN],
  serves: [BLUE],
};

/** The revision serves from blue, and the rule has these weights. */
function check(
  weights: Record<string, number> | undefined | AwsFault,
  paths: readonly TrafficPath[] = [PATH],
) {
  const loadBalancers = {
    async weights() {
      if (weights instanceof AwsFault) throw weights;
      return weights && new Map(Object.entries(weights));
    },
  };
  return checkTraffic({ traffic: async () => paths }, loadBalancers, 'prod', ['web']);
}

describe('the weights of a production rule', () => {
  it.each([
    [{ [BLUE]: 100, [GREEN]: 0 }],
    // The weights need not add up to 100, and rules may have further groups.
    [{ [BLUE]: 1, other: 5 }],
  ])('are right where they point at what runs: %j', async (weights) => {
    expect(await check(weights)).toEqual({ findings: [], unchecked: [] });
  });

  it.each([
    [{ [BLUE]: 0, [GREEN]: 100 }, /points to web-green, but its revision serves from web-blue/],
    [{ [BLUE]: 50, [GREEN]: 50 }, /points to web-blue and web-green/],
    [{ other: 1 }, /points to none of its target groups/],
  ])('are wrong otherwise: %j', async (weights, words) => {
    const { findings } = await check(weights);
    expect(findings).toEqual([expect.stringMatching(words)]);
    expect(findings[0]).toMatch(/Give web-blue all the weight/);
  });

  it('may point at either revision after a deployment that ECS stopped and left as it was', async () => {
    const left = [{ ...PATH, serves: [BLUE, GREEN] }];
    expect((await check({ [BLUE]: 100 }, left)).findings).toEqual([]);
    expect((await check({ [GREEN]: 100 }, left)).findings).toEqual([]);
    const [finding] = (await check({}, left)).findings;
    expect(finding).toMatch(/to none of its target groups.*Give web-blue or web-green all the weight/);
  });

  it('are not checked without a rule of the service', async () => {
    expect(await check({}, [])).toEqual({ findings: [], unchecked: [] });
  });

  it.each([
    [new AwsFault('AccessDenied', 'not authorized to perform', false), /no permission/],
    [new AwsFault('ServiceUnavailable', 'ECS is unavailable', true), /unavailable/],
    [undefined, /there is no arn/],
  ])('are said to be unchecked where AWS does not say them', async (answer, words) => {
    expect((await check(answer)).unchecked).toEqual([expect.stringMatching(words)]);
  });
});
