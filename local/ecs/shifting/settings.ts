import type { AwsError, JsonObject } from '../../contract.ts';
import { ruleNamed } from '../listeners.ts';
import type { Context, DeploymentConfiguration, Service } from '../model.ts';
import { decimal, flag, invalid, number, object, objects, text, texts } from '../read.ts';
import type { ServiceTarget } from '../routing.ts';
import { STAGES, shiftsTraffic, strategyOf } from './plan.ts';

/** The settings of a service whose deployments shift traffic, and ECS's checks of them. */

/** `advancedConfiguration` of a load balancer. */
export function alternateOf(balancer: JsonObject, targetGroup: string): Pick<ServiceTarget, 'alternate'> {
  const advanced = object(balancer, 'advancedConfiguration');
  const other = advanced && text(advanced, 'alternateTargetGroupArn');
  const productionRule = advanced && text(advanced, 'productionListenerRule');
  if (!advanced || other === undefined || productionRule === undefined) return {};
  const testRule = text(advanced, 'testListenerRule');
  return {
    alternate: {
      groups: [targetGroup, other],
      productionRule,
      ...(testRule === undefined ? {} : { testRule }),
    },
  };
}

/** The rules of a new service have all their traffic for the first target group. */
export function nameRules(ctx: Context, { targets }: Service): void {
  for (const { alternate } of targets) {
    if (alternate === undefined) continue;
    ruleNamed(ctx, alternate.productionRule, alternate.groups[0]);
    if (alternate.testRule !== undefined) ruleNamed(ctx, alternate.testRule, alternate.groups[0]);
  }
}

/** Throws as CreateService and UpdateService do. AWS docs: troubleshooting-blue-green. */
export function checkStrategy(configuration: DeploymentConfiguration, settings: JsonObject): void {
  checkHooks(configuration);
  checkNumbers(configuration);
  const balancers = objects(settings, 'loadBalancers');
  const strategy = strategyOf(configuration);
  if (strategy !== 'ROLLING' && strategy !== 'BLUE_GREEN' && !getsTraffic(settings))
    throw invalid(`The ${strategy} deployment strategy needs traffic to shift: use BLUE_GREEN.`);
  const advanced = balancers
    .map((one) => object(one, 'advancedConfiguration'))
    .filter((one) => one !== undefined);
  if (advanced.length > 0 && advanced.length < balancers.length)
    throw invalid('Either all or none of the provided loadBalancers must have advancedConfiguration defined');
  if (shiftsTraffic(configuration) && advanced.length < balancers.length)
    throw invalid(
      'advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy',
    );
  const groups = balancers.flatMap((one) => [
    text(one, 'targetGroupArn') ?? '',
    text(object(one, 'advancedConfiguration') ?? {}, 'alternateTargetGroupArn') ?? '',
  ]);
  const duplicate = groups.find((arn, index) => arn !== '' && groups.indexOf(arn) !== index);
  if (duplicate !== undefined) throw invalid(`Duplicate targetGroupArn found: ${duplicate}`);
  for (const one of advanced) checkRules(one);
}

/** What a deployment reads later: a member of the wrong type or out of range is refused with the request. */
function checkNumbers({ document }: DeploymentConfiguration): void {
  const linear = object(document, 'linearConfiguration');
  const canary = object(document, 'canaryConfiguration');
  checkWithin(document, 'bakeTimeInMinutes', 0, 1440);
  checkWithin(linear, 'stepPercent', 3, 100);
  checkWithin(linear, 'stepBakeTimeInMinutes', 0, 1440);
  checkWithin(canary, 'canaryPercent', 0.1, 100);
  checkWithin(canary, 'canaryBakeTimeInMinutes', 0, 1440);
  const early = object(document, 'earlySuccessCriteria');
  if (!early) return;
  flag(early, 'enable');
  text(early, 'sourceServiceRevisionCleanup');
  checkWithin(early, 'healthyPercent', 0, 100);
}

function checkWithin(from: JsonObject | undefined, member: string, least: number, most: number): void {
  if (from === undefined || number(from, member) === undefined) return;
  const value = decimal(from, member);
  if (value !== undefined && !(value >= least && value <= most))
    throw invalid(`${member} must be between ${least} and ${most}.`);
}

/** Services without traffic are documented for BLUE_GREEN only. */
function getsTraffic(settings: JsonObject): boolean {
  const isMesh = object(settings, 'serviceConnectConfiguration')?.enabled === true;
  const others = [...objects(settings, 'loadBalancers'), ...objects(settings, 'vpcLatticeConfigurations')];
  return isMesh || others.length > 0;
}

function checkRules(advanced: JsonObject): void {
  const production = text(advanced, 'productionListenerRule') ?? '';
  const test = text(advanced, 'testListenerRule');
  checkRule('productionListenerRule', production);
  if (test === undefined) return;
  checkRule('testListenerRule', test);
  if (test === production)
    throw invalid(
      `The following rules cannot be used as both production and test listener rules: ${production}`,
    );
}

const RULE = /^arn:[^:]+:elasticloadbalancing:[^:]*:[^:]*:(?:listener-rule\/app|listener\/net)\//;

function checkRule(member: string, arn: string): void {
  if (!RULE.test(arn))
    throw invalid(
      `${member} has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: ${arn}`,
    );
}

/** Where a hook of this type cannot be. AWS docs: deployment-lifecycle-hooks; FIELD: pauses are no shifts. */
const WITHOUT_HOOKS: readonly string[] = ['SCALE_UP', 'BAKE_TIME', 'CLEAN_UP'];
const WITHOUT_PAUSES: readonly string[] = ['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT'];
/** AWS docs: quotas of pause hooks and of Lambda hooks. */
const MOST_HOOKS = 10;

function checkHooks(configuration: DeploymentConfiguration): void {
  const hooks = objects(configuration.document, 'lifecycleHooks');
  for (const isPause of [true, false]) {
    const some = hooks.filter((hook) => (text(hook, 'targetType') === 'PAUSE') === isPause);
    if (some.length > MOST_HOOKS)
      throw invalid(`A service can have at most ${MOST_HOOKS} ${isPause ? 'pause' : 'Lambda'} hooks.`);
    for (const stage of some.flatMap((hook) => texts(hook, 'lifecycleStages'))) checkStage(stage, isPause);
  }
}

function checkStage(stage: string, isPause: boolean): void {
  const known = STAGES.some((other) => other === stage);
  const refused = WITHOUT_HOOKS.includes(stage) || (isPause && WITHOUT_PAUSES.includes(stage));
  if (known && !refused) return;
  throw badStage(stage, isPause);
}

function badStage(stage: string, isPause: boolean): AwsError {
  return invalid(`${isPause ? 'PAUSE' : 'AWS_LAMBDA'} hooks are not supported at lifecycle stage ${stage}.`);
}
