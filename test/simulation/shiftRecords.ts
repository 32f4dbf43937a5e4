import type { AppState } from '../../shared/domain/state.ts';
import type { Cloud } from './cloud.ts';
import type { Change, History } from './history.ts';
import type { Plan } from './script.ts';
import { type OpenShift, openShiftOf, trafficOf } from './seen.ts';
import { ruleOf, shiftsTraffic } from './strategies.ts';

/** What the history keeps of deployments that shift traffic, as ECS itself has them. */
interface ShiftRecords {
  /** Something happened to an app with these services. */
  met(services: readonly string[], what: string): void;
  /** What UpdateService of this service meets. */
  before(operation: string, service: string): Pick<Change, 'shift'>;
  /** A function reads the weights of a rule on behalf of this release. */
  weightsRead(rule: unknown, release: string | undefined): void;
  /** A state was saved. */
  saved(state: AppState): void;
}

export function createShiftRecords(
  plan: Plan,
  cloud: Pick<Cloud, 'call' | 'clock'>,
  history: History,
): ShiftRecords {
  const openOf = (service: string): OpenShift | undefined =>
    shiftsTraffic(plan, service) ? openShiftOf(cloud, service) : undefined;
  return {
    met(services, what) {
      for (const service of services) {
        const shift = openOf(service);
        if (!shift) continue;
        const key = `${shift.strategy} × ${shift.stage} × ${what}`;
        history.shifted.set(key, (history.shifted.get(key) ?? 0) + 1);
      }
    },

    before(operation, service) {
      const shift = operation === 'UpdateService' ? openOf(service) : undefined;
      return shift ? { shift } : {};
    },

    weightsRead(rule, release) {
      const services = plan.configuration.apps.flatMap((app) => app.services.map(({ name }) => name));
      const service = services.find((name) => ruleOf(name) === rule);
      if (release === undefined || service === undefined || openOf(service)) return;
      const { isRight, isSettled } = trafficOf(cloud, service);
      if (isSettled) history.weightLooks.push({ at: cloud.clock.now(), release, service, isRight });
    },

    saved({ release }) {
      const failed = release?.failure?.service;
      if (!release || failed === undefined || history.failedShifts.has(release.id)) return;
      const { target } = release.services.find(({ service }) => service === failed) ?? {};
      const shift = openOf(failed);
      // A shift that a person started has steps and bakes of which the release knows nothing.
      if (shift && shift.target === target) history.failedShifts.set(release.id, shift);
    },
  };
}
