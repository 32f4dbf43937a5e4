import { type Json, type JsonObject, listAt, objectAt, objectsAt, present, textAt } from '../json.ts';
import type { Actual } from '../kind.ts';
import { type Comment, type Draft, drafted } from './draft.ts';
import { type Container, familyOf } from './images.ts';
import { lostOf } from './lost.ts';
import { isSuspicious, isSuspiciousLine } from './secrets.ts';
import { containersFrom, rolesOf } from './services.ts';
import { containerOverridesOf, type Origin, overridesOf, type Start } from './starts.ts';

/** Tasks of an app: what rules and schedules start, without their schedule, so that nothing runs twice. */

interface TaskContext {
  readonly repository: string;
  /** The app's services, by family. */
  readonly services: ReadonlyMap<string, string>;
  readonly definition: Actual;
  readonly containers: readonly Container[];
}

/** A task that a rule or schedule starts. `name` is free in its app. */
export function startedTask(start: Start, name: string, context: TaskContext): Draft {
  const [override = {}] = containerOverridesOf(start);
  const { environment, left } = environmentOf(override);
  const hasSecretCommand = isSuspiciousLine(listAt(override, 'command').map(String));
  const family = familyOf(textAt(start.parameters, 'TaskDefinitionArn') ?? '');
  const task = present({
    name,
    ...definitionIn(family, context),
    container: textAt(override, 'name') ?? containerIn(context),
    command: hasSecretCommand ? undefined : override.command,
    environment,
    ...sizesOf(overridesOf(start)),
    ...placeOf(start.parameters),
    ...(context.services.has(family) ? {} : logging(context)),
    ...rolesOf({
      ...(context.services.has(family) ? {} : context.definition.members),
      ...overridesOf(start),
    }),
  });
  return drafted(task, ...commentsOf(start, hasSecretCommand ? [...left, 'command'] : left));
}

/** A task definition that nothing runs: on demand only. */
export function oneOffTask(family: string, context: TaskContext): Draft {
  const task = present({
    name: family,
    container: containerIn(context),
    ...rolesOf(context.definition.members),
    ...logging(context),
  });
  const text = 'No service or schedule runs it. If it is a migration, move it to `before`.';
  return drafted(task, { path: [], text });
}

/** `like` lets it run the revision of the service, otherwise its own family. */
function definitionIn(family: string, { services }: TaskContext): JsonObject {
  const like = services.get(family);
  return like === undefined ? { taskDefinition: family } : { like };
}

function containerIn({ containers, repository }: TaskContext): string {
  return (containersFrom(containers, repository)[0] ?? containers[0])?.name ?? '';
}

function logging({ containers, repository }: TaskContext): JsonObject {
  return present({ logGroup: containersFrom(containers, repository)[0]?.logGroup });
}

/** Without values that may be secrets: those belong into `secrets` of the task definition. */
function environmentOf(override: JsonObject): {
  readonly environment: JsonObject | undefined;
  readonly left: readonly string[];
} {
  const variables = objectsAt(override, 'environment').map((variable): [string, string] => [
    textAt(variable, 'name') ?? '',
    textAt(variable, 'value') ?? '',
  ]);
  const plain = variables.filter(([name, value]) => !isSuspicious(name, value));
  const left = variables.filter(([name, value]) => isSuspicious(name, value)).map(([name]) => name);
  return { environment: plain.length === 0 ? undefined : Object.fromEntries(plain), left };
}

function sizesOf({ cpu, memory, ephemeralStorage }: JsonObject): JsonObject {
  return present({
    cpu: numberOf(cpu),
    memory: numberOf(memory),
    ephemeralStorage: numberOf(Object(ephemeralStorage).sizeInGiB),
  });
}

function numberOf(value: unknown): number | undefined {
  const number = Number(value);
  return value === undefined || Number.isNaN(number) ? undefined : number;
}

function placeOf(parameters: JsonObject): JsonObject {
  const awsvpc = objectAt(objectAt(parameters, 'NetworkConfiguration'), 'awsvpcConfiguration');
  const count = numberOf(parameters.TaskCount);
  return present({
    count: count === 1 ? undefined : count,
    network: awsvpc.Subnets === undefined ? undefined : networkOf(awsvpc),
    capacity: capacityOf(parameters),
    exec: parameters.EnableExecuteCommand === true ? true : undefined,
  });
}

function networkOf(awsvpc: JsonObject): JsonObject {
  const groups = listAt(awsvpc, 'SecurityGroups');
  return present({
    subnets: awsvpc.Subnets,
    securityGroups: groups.length === 0 ? undefined : groups,
    assignPublicIp: awsvpc.AssignPublicIp === 'ENABLED' ? true : undefined,
  });
}

function capacityOf(parameters: JsonObject): Json | undefined {
  const strategy = objectsAt(parameters, 'CapacityProviderStrategy');
  if (strategy.length > 0)
    return {
      providers: strategy.map(({ capacityProvider, weight, base }) =>
        present({ provider: capacityProvider, weight, base: base === 0 ? undefined : base }),
      ),
    };
  return parameters.LaunchType === undefined ? undefined : { launchType: parameters.LaunchType };
}

function commentsOf(start: Start, secrets: readonly string[]): readonly Comment[] {
  const { origin } = start;
  const { members, sentences } = lostOf(start);
  const text = [
    ...howToTakeOver(origin),
    ...(secrets.length > 0
      ? [
          `Not copied, since they may be secrets: ${secrets.join(', ')}. Move them to \`secrets\` of the task definition.`,
        ]
      : []),
    ...(members.length > 0 ? [`Not taken over: ${members.join(', ')}.`] : []),
    ...sentences,
  ];
  return [
    { path: [], text: text.join('\n'), lost: members.length + sentences.length + secrets.length },
    ...(origin.expression === undefined
      ? []
      : [{ path: [], after: true as const, text: scheduleText(origin) }]),
  ];
}

function howToTakeOver(origin: Origin): readonly string[] {
  const { kind, name, place, isEnabled, expression } = origin;
  const what =
    kind === 'rule' ? `EventBridge rule ${name}` : `schedule ${place}/${name} of EventBridge Scheduler`;
  if (expression === undefined)
    return [
      `The ${what} of the bus ${place} starts it on events, which Fairway does not. Here it runs on demand.`,
    ];
  if (!isEnabled) return [`From the ${what}, which is disabled. Remove "# " before \`schedule\` to run it.`];
  const disable =
    kind === 'rule'
      ? `\`aws events disable-rule --name ${name}\``
      : `set the state of ${place}/${name} to DISABLED`;
  return [
    `The ${what} runs it now, and the schedule here is disabled, so that it does not run twice.`,
    `To take it over: ${disable}, remove "# " before \`schedule\`, and deploy the stack.`,
  ];
}

/** The member `schedule`, as a comment. */
function scheduleText({ expression = '', timeZone = 'UTC', start, end, window }: Origin): string {
  const members: Readonly<Record<string, string | undefined>> = {
    expression,
    timeZone: timeZone === 'UTC' ? undefined : timeZone,
    start: start === undefined ? undefined : new Date(start).toISOString(),
    end: end === undefined ? undefined : new Date(end).toISOString(),
    jitter: window === undefined ? undefined : `${window}m`,
  };
  const written = Object.entries(members).flatMap(([member, value]) =>
    value === undefined ? [] : [`${member}: ${JSON.stringify(value)}`],
  );
  return `schedule: { ${written.join(', ')} }`;
}
