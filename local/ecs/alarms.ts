import { goBack } from './breaker.ts';
import { failDeployment, openServiceDeployment, primaryOf } from './deployments.ts';
import { addServiceEvent, emitDeployment } from './events.ts';
import type { Context, Service, ServiceDeployment } from './model.ts';
import { flag, object, texts } from './read.ts';

/** CloudWatch alarms that end a deployment. AWS docs: deployment-alarm-failure. */

export function reviewAlarms(ctx: Context, service: Service): void {
  const open = openServiceDeployment(service);
  const primary = primaryOf(service);
  if (open === undefined || primary?.rolloutState !== 'IN_PROGRESS' || open.rollback !== undefined) return;
  const { names, rollback } = alarmsOf(open);
  const ringing = names.filter((name) => ctx.alarms.has(name));
  // An alarm that is in ALARM at the start makes ECS ignore the alarms of this deployment.
  open.alarms ??= { ignored: ringing.length > 0, triggered: [] };
  if (open.alarms.ignored || ringing.length === 0) return;
  open.alarms.triggered.push(...ringing);
  failDeployment(ctx, service, primary, `ECS deployment alarm: alarm detected: ${ringing.join(', ')}.`);
  addServiceEvent(ctx, service, `(deployment ${primary.id}) deployment failed: alarm detected.`);
  emitDeployment(ctx, service, primary, 'FAILED');
  goBack(ctx, service, primary, rollback);
}

/** The alarms that a deployment watches: none where they are not enabled. */
export function alarmsOf({ configuration }: Pick<ServiceDeployment, 'configuration'>): {
  readonly names: readonly string[];
  readonly rollback: boolean;
} {
  const given = object(configuration.document, 'alarms') ?? {};
  const isOn = flag(given, 'enable') === true;
  return { names: isOn ? texts(given, 'alarmNames') : [], rollback: flag(given, 'rollback') === true };
}
