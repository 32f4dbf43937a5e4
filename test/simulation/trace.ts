import type { Announcement } from '../../shared/domain/announcement.ts';
import { asObject } from './objects.ts';
import type { Played } from './play.ts';

/** A run as a story: who did what, in its order. Times count from the start, in minutes and seconds. */
export function trace({ world, plan, calmAt }: Played): string {
  const { history } = world;
  const start = calmAt - plan.calmAt;
  const entries: { at: number; text: string }[] = [
    ...history.lines.map(({ at, text }) => ({ at, text: shorten(text) })),
    ...history.changes.map(({ at, by, operation, input, output }) => ({
      at,
      text: `${by ? `${by.invocation}, ${by.effect.kind}` : 'a person'}: ${operation} ${summary(operation, asObject(input), asObject(output))}`,
    })),
    ...history.emitted.map(({ at, detail, ...event }) => ({
      at,
      text: `event: ${event['detail-type']} ${[detail.eventName, detail['image-tag'], detail.group, detail.lastStatus, detail.stoppedReason, detail.deploymentId].filter((part) => part !== undefined).join(' ')}`,
    })),
    ...history.told.map(({ at, announcement }) => ({
      at,
      text: `announced: ${announced(announcement)}`,
    })),
    ...history.operators.map(({ at, request, answer }) => ({
      at,
      text: `operator: ${request.command} → ${JSON.stringify(answer)}`,
    })),
  ];
  const weather = Object.entries(plan.weather).filter(([, value]) => value > 0);
  return [
    `seed ${plan.seed}; weather ${weather.map(([name, value]) => `${name} ${Number(value).toFixed(2)}`).join(', ') || 'calm'}`,
    ...plan.configuration.apps.map(
      ({ name, image, services, before, after }) =>
        `app ${name}: ${image.repository} ${JSON.stringify(image.tags)}; ${before.map((task) => task.name)}; ${services.map((service) => `${service.name}@${service.wave}`)}; ${after.map((task) => task.name)}`,
    ),
    ...entries.toSorted((a, b) => a.at - b.at).map(({ at, text }) => `${clock(at - start)}  ${text}`),
  ].join('\n');
}

function summary(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  output: Readonly<Record<string, unknown>>,
): string {
  const name = (value: unknown) => String(value).replace(/^.*\//, '');
  switch (operation) {
    case 'UpdateService':
      return `${input.service} ${input.taskDefinition === undefined ? JSON.stringify(input.desiredCount) : name(input.taskDefinition)}`;
    case 'RegisterTaskDefinition':
      return name(asObject(output.taskDefinition).taskDefinitionArn);
    case 'RunTask':
      return `${name(input.taskDefinition)} ${JSON.stringify(output.failures)}`;
    default:
      return '';
  }
}

function announced(announcement: Announcement): string {
  switch (announcement.kind) {
    case 'release':
      return `v${announcement.release} ${announcement.outcome?.kind ?? announcement.step}`;
    case 'run':
      return `${announcement.task} ${announcement.outcome}: ${announcement.reason}`;
    case 'alert':
      return `${announcement.service} ${announcement.trouble} ${announcement.count}${announcement.end ? ' closed' : ''}`;
    case 'app':
      return announcement.sentence;
  }
}

function shorten(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

function clock(span: number): string {
  const seconds = Math.floor(span / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')}.${String(
    span % 1000,
  )
    .padStart(3, '0')
    .slice(0, 2)}`;
}
