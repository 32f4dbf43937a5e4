import type { App, Configuration, TagPolicy } from '../../shared/domain/app.ts';
import type { OperatorRequest } from '../../shared/domain/operator.ts';
import { withCrowd } from './crowd.ts';
import { createDice, type Dice } from './dice.ts';
import { retagsFor } from './retags.ts';
import type { Action, Fate, Plan, Weather } from './script.ts';
import { inThrees, taskActions, tasksFor, withRetries } from './tasks.ts';
import { withRareOutages, withTroubles } from './troubles.ts';

export const CALM: Weather = {
  crash: 0,
  refused: 0,
  lost: 0,
  slow: 0,
  hang: 0,
  noCapacity: 0,
  stale: 0,
  dropPush: 0,
  dropEcs: 0,
  duplicate: 0,
  delay: 0,
  mute: 0,
  skew: 0,
};

export const CLUSTER = 'app-prod';
const MINUTE = 60_000;
/** When the actions begin, epoch milliseconds: 2026-03-01T12:00:00Z, and what is waited for before them. */
export const START = Date.UTC(2026, 2, 1, 12);
export const INSTALLED = START + 90_000;
export const FIRST_SIGHT = INSTALLED + 6 * MINUTE;
const SERVICES = ['web', 'worker', 'edge'] as const;

/** How often people use Fairway: now and then, or three times after each push, beside more troubles. */
export type People = 'usual' | 'dense';

export function planFor(seed: number, people: People = 'usual'): Plan {
  const plan = withRates(usualPlan(seed));
  return people === 'dense' ? withCrowd(withTroubles(plan)) : withRareOutages(plan);
}

/** In every other run others use most of ECS's rates. Drawn from separate dice: the rest stays as it is without them. */
function withRates(plan: Plan): Plan {
  const dice = createDice(plan.seed ^ 0x7f4a7c15);
  return dice.chance(0.5) ? { ...plan, rateShare: dice.pick([0.05, 0.1, 0.2]) } : plan;
}

function usualPlan(seed: number): Plan {
  const dice = createDice(seed);
  const configuration = configurationFor(dice);
  const calmAt = dice.between(10, 60) * MINUTE;
  const weather = weatherFor(dice);
  const actions = actionsFor(dice, configuration, calmAt);
  const retags = retagsFor(createDice(seed ^ 0x2c1b3c6d), configuration, actions, calmAt);
  const { apps, more } = withTasks(seed, configuration, calmAt);
  return {
    seed,
    configuration: { ...configuration, apps },
    weather,
    outages: [],
    calmAt,
    afterwards: CALM,
    actions: [...actions, ...retags, ...more].toSorted((a, b) => a.at - b.at),
  };
}

/** Drawn from separate dice: the rest of a run stays as it was without them. */
function withTasks(seed: number, configuration: Configuration, calmAt: number) {
  const dice = createDice(seed ^ 0x6d2b79f5);
  const apps = configuration.apps.map((app) => {
    const tasks = tasksFor(dice, app.name, app.services[0]?.name ?? '', FIRST_SIGHT + calmAt);
    return { ...app, tasks };
  });
  const more = apps.flatMap(({ name, tasks }) => taskActions(dice, name, tasks, calmAt));
  const patient = withRetries(createDice(seed ^ 0x3f84d5b5), apps);
  return inThrees(createDice(seed ^ 0x51ab3c77), { apps: patient, more, calmAt });
}

function configurationFor(dice: Dice): Configuration {
  const apps = [appFor(dice, 'web', 'web-app', SERVICES.slice(0, dice.between(1, 3)))];
  if (dice.chance(0.25)) apps.push(appFor(dice, 'api', dice.pick(['web-app', 'api']), ['api']));
  return {
    environment: 'simulation',
    channels: { deploys: { kind: 'slack', channel: 'C0000000000', token: { ssm: '/fairway/slack' } } },
    apps,
  };
}

/** The same run, in which no event of ECS and no call of a schedule arrives to the very end, and three pushes in ten are not heard of. */
export function deaf(plan: Plan): Plan {
  const lost = { dropEcs: 1, dropPush: 0.3 };
  return { ...plan, weather: { ...plan.weather, ...lost }, afterwards: { ...plan.afterwards, ...lost } };
}

const ROLES = { taskRole: 'app-task', executionRole: 'app-execution' };

function appFor(dice: Dice, name: string, repository: string, services: readonly string[]): App {
  const policies: readonly [TagPolicy, ...TagPolicy[]] = [
    { kind: 'semver', range: '>=1.0.0' },
    { kind: 'semver', range: '>=1.0.0' },
    { kind: 'newest', match: { glob: '*' } },
    { kind: 'digest', tag: 'latest' },
  ];
  const reversible = dice.chance(0.85);
  const ownFamily = dice.chance(0.7);
  const task = (of: string, family: string) => ({
    ...ROLES,
    name: of,
    family,
    container: ownFamily || family === of ? of : (services[0] ?? ''),
    command: ['npm', 'run', of],
    environment: {},
    timeout: 15 * MINUTE,
    retries: { times: 0, backoff: 30_000, exitCodes: [] },
    reversible,
  });
  const migration = `${name}-migrate`;
  return {
    name,
    cluster: CLUSTER,
    image: { repository, tags: dice.pick(policies), ignore: ['ignored-*'] },
    tasks: [],
    before: dice.chance(0.6) ? [task(migration, ownFamily ? migration : (services[0] ?? ''))] : [],
    services: services
      .map((service, index) => ({
        ...ROLES,
        name: service,
        wave: dice.chance(0.5) ? 1 : index + 1,
        family: service,
        containers: dice.chance(0.5) ? [service] : [],
      }))
      .toSorted((a, b) => a.wave - b.wave),
    after: dice.chance(0.25) ? [task(`${name}-smoke`, `${name}-smoke`)] : [],
    timeouts: { rollout: dice.between(6, 30) * MINUTE, rollBack: 30 * MINUTE, capacity: 10 * MINUTE },
    baseRevision: dice.chance(0.8) ? 'live' : 'latest',
    onFailure: dice.chance(0.9) ? 'rollBack' : 'leave',
    channels: ['deploys'],
  };
}

/** Most runs have a few troubles, some have all at once, some none. */
function weatherFor(dice: Dice): Weather {
  const some = (probability: number, worst: number) => (dice.chance(probability) ? dice.random() * worst : 0);
  const storm = dice.chance(0.15) ? 3 : 1;
  return {
    crash: some(0.5, 0.03) * storm,
    refused: some(0.5, 0.05) * storm,
    lost: some(0.5, 0.03) * storm,
    slow: some(0.3, 0.02) * storm,
    hang: some(0.3, 0.01) * storm,
    noCapacity: some(0.2, 0.5),
    stale: some(0.3, 0.3),
    dropPush: some(0.4, 0.6),
    dropEcs: dice.chance(0.15) ? 1 : some(0.4, 0.6),
    duplicate: some(0.4, 0.6),
    delay: some(0.4, 0.5),
    mute: some(0.3, 0.6),
    skew: some(0.4, 30_000),
  };
}

function actionsFor(dice: Dice, configuration: Configuration, calmAt: number): Action[] {
  const actions: Action[] = [];
  const pushes = dice.between(1, 7);
  const contents: string[] = [];
  const tags: { repository: string; tag: string }[] = [];
  const version = new Map<string, number>();
  const app = () => dice.pick([configuration.apps[0], ...configuration.apps.slice(1)] as [App, ...App[]]);
  const when = () => Math.floor(dice.random() * calmAt);

  let at = 0;
  for (let index = 0; index < pushes; index += 1) {
    at = dice.chance(0.3) ? at + dice.between(0, 5_000) : when();
    const { image } = app();
    const { repository } = image;
    const next = (version.get(repository) ?? 0) + 1;
    version.set(repository, next);
    const again = contents.length > 0 && dice.chance(0.12);
    const content = again
      ? (contents[dice.between(0, contents.length - 1)] ?? '')
      : `content ${seedless(index)}`;
    contents.push(content);
    const tag = tagFor(dice, image.tags, next, index);
    tags.push({ repository, tag });
    const platforms = dice.pick<readonly string[]>([
      ['linux/amd64'],
      ['linux/amd64'],
      ['linux/amd64', 'linux/arm64'],
      ['linux/arm64'],
    ]);
    actions.push({ at, kind: 'push', repository, tag, content, platforms, fate: fateFor(dice) });
  }
  for (let index = dice.between(0, 4); index > 0; index -= 1) actions.push(meddle(dice, app(), tags, when()));
  return actions.toSorted((a, b) => a.at - b.at);
}

function seedless(index: number): string {
  return String.fromCharCode(97 + index);
}

function tagFor(dice: Dice, policy: TagPolicy, next: number, index: number): string {
  if (dice.chance(0.06)) return `ignored-${index}`;
  switch (policy.kind) {
    case 'semver':
      // Now and then an older version, or the same tag on another image.
      return `1.${dice.chance(0.15) ? dice.between(0, next) : next}.0`;
    case 'newest':
      return `main-${next}`;
    case 'digest':
      return dice.chance(0.8) ? policy.tag : `1.${next}.0`;
  }
}

function fateFor(dice: Dice): Fate {
  return {
    service: dice.pick([
      'good',
      'good',
      'good',
      'good',
      'crash',
      'lateCrash',
      'unpullable',
      'unhealthy',
      'slow',
    ]),
    task: dice.pick([
      'good',
      'good',
      'good',
      'good',
      'good',
      'good',
      'fails',
      'hangs',
      'unpullable',
      'interrupted',
    ]),
  };
}

function meddle(
  dice: Dice,
  app: App,
  tags: readonly { repository: string; tag: string }[],
  at: number,
): Action {
  const service = dice.pick([app.services[0]?.name ?? '', ...app.services.map(({ name }) => name)]);
  const who = 'arn:aws:iam::123456789012:user/operator';
  const tag = tags[dice.between(0, tags.length - 1)];
  const operate = (request: OperatorRequest): Action => ({ at, kind: 'operate', request });
  const choices: readonly [() => Action, ...(() => Action)[]] = [
    () =>
      operate({
        command: 'deploy',
        app: app.name,
        who,
        ...(tag && dice.chance(0.6) ? { tag: tag.tag } : {}),
      }),
    () => operate({ command: 'rollback', app: app.name, who }),
    () => operate({ command: 'hold', app: app.name, reason: 'incident', who }),
    () => operate({ command: 'resume', app: app.name, who }),
    () => operate({ command: 'cancel', app: app.name, who }),
    () => ({ at, kind: 'foreignDeploy', service, otherImage: dice.chance(0.5) }),
    () => ({ at, kind: 'scale', service, count: dice.between(0, 6) }),
    () => ({ at, kind: 'stopTask', service }),
    () => ({ at, kind: 'deregister', family: service }),
    () => (tag ? { at, kind: 'deleteTag', ...tag } : { at, kind: 'stopTask', service }),
    () => ({
      at,
      kind: 'reconfigure',
      app: app.name,
      change: dice.pick(['withoutTasks', 'oneWave', 'lastServiceLeft', 'shortTimeouts', 'latestBase']),
    }),
    ...(dice.chance(0.3)
      ? [(): Action => ({ at, kind: 'restoreTable', minutesAgo: dice.between(1, 60) })]
      : []),
    ...(dice.chance(0.1) ? [(): Action => ({ at, kind: 'deleteService', service })] : []),
  ];
  return dice.pick(choices)();
}
