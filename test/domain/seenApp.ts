import type { AlertKind, ObservedStop } from '../../shared/domain/alert.ts';
import type { Answer } from '../../shared/domain/answers.ts';
import type { DomainEvent } from '../../shared/domain/events.ts';
import type { ObservedService } from '../../shared/domain/observations.ts';
import type { Cause } from '../../shared/domain/release.ts';
import { anApp, anObservedService, aStage, MINUTE } from '../builders.ts';

export function aCause(kind: string): Cause {
  return { kind, sentence: `It is ${kind}.`, evidence: ['words'], canHeal: true };
}

/** An app that has been seen, and shorthands for what ECS says of its service. */
export function aSeenApp(app = anApp()) {
  const stage = aStage(app).adopted().later(MINUTE);
  let tasks = 0;
  const play = {
    stage,
    get alerts() {
      return stage.state.alerts?.alerts ?? [];
    },
    get kinds(): AlertKind[] {
      return play.alerts.filter(({ end }) => !end).map(({ kind }) => kind);
    },
    stop(named?: string, more: Partial<Stopped> = {}) {
      tasks += 1;
      const task = named ?? String(tasks).padStart(8, '0');
      stage.when({
        type: 'taskStopped',
        taskArn: `arn:aws:ecs:us-east-1:1:task/app-prod/${task}`,
        service: 'web-app',
        deploymentId: 'ecs-svc/1',
        scaledIn: false,
        ...more,
      });
      return task;
    },
    /** What is due is checked: every task stopped for this cause, just now. */
    look(kind = 'crash', more: Partial<ObservedStop> = {}) {
      const [entry] = stage.pending('lookAtStopped');
      if (!entry || (entry.notBefore ?? 0) > stage.now) return play;
      const seen = entry.effect.tasks.map((task) => ({
        task,
        deploymentId: 'ecs-svc/1',
        at: stage.now,
        cause: aCause(kind),
        ...more,
      }));
      stage.answer('lookAtStopped', { kind: 'stoppedSeen', tasks: seen });
      return play;
    },
    /** So many tasks stop for this cause, a minute apart, and are checked. */
    stops(count: number, kind = 'crash') {
      for (let each = 0; each < count; each += 1) {
        play.stop();
        play.look(kind);
        stage.later(MINUTE);
      }
      return play;
    },
    say(action: Extract<DomainEvent, { type: 'serviceAction' }>['action'], words?: string) {
      return stage.when({
        type: 'serviceAction',
        service: 'web-app',
        action,
        ...(words === undefined ? {} : { words }),
      });
    },
    trouble(observed: ObservedService = anObservedService('web-app', { running: 1 }), cause?: Cause) {
      const answer: Answer = { kind: 'troubleSeen', observed, ...(cause === undefined ? {} : { cause }) };
      return stage.answer('lookAtTrouble', answer);
    },
    recovery(observed = anObservedService('web-app')) {
      return stage.answer('lookForRecovery', { kind: 'servicesSeen', services: [observed] });
    },
    /** Channels are notified of what is due. */
    tell() {
      for (const entry of stage.pending('announceAlert')) {
        if ((entry.notBefore ?? 0) > stage.now) continue;
        stage.when({ type: 'answered', key: entry.key, answer: { kind: 'announced', memory: 'ts:' } });
      }
      return play;
    },
  };
  return play;
}
export type Stopped = Extract<DomainEvent, { type: 'taskStopped' }>;
