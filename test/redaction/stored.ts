import { advance } from '../../shared/advance.ts';
import type { Alert } from '../../shared/domain/alert.ts';
import { initialState } from '../../shared/domain/decide.ts';
import { withoutSecrets } from '../../shared/domain/redaction/structures.ts';
import type { Cause } from '../../shared/domain/release.ts';
import type { IndependentRun } from '../../shared/domain/run.ts';
import { leaving } from '../../shared/lambda/withRedaction.ts';
import { operate } from '../../shared/operate/operate.ts';
import type { Logs } from '../../shared/ports.ts';
import { CRASH } from '../announce/situations.ts';
import { anApp, aScheduledTask, aTask, digestOf, START } from '../builders.ts';
import { aPerformer, aReading, aWorld, noLogs } from '../fakes.ts';
import type { Case } from './corpus.ts';
import { aTable, expectNone } from './table.ts';

export function said(text: string): Cause {
  return { ...CRASH, sentence: text, advice: text, evidence: [text] };
}

/** A run that ended and an alert, as an app's item keeps them. */
function remembered(text: string): { readonly run: IndependentRun; readonly alert: Alert } {
  const cause = said(text);
  const tail = { lines: [{ at: START, container: 'web', text }], elsewhere: [text] };
  const run: IndependentRun = {
    id: '4f9c2e1b-7a3d-4f60-8e1b-0a1b2c3d4e5f',
    task: 'report',
    owner: { kind: 'person', who: text },
    askedAt: START,
    state: 'ended',
    outcome: 'failed',
    reason: text,
    container: 'web',
    count: 1,
    attempt: 2,
    earlier: [{ endedAt: START, why: text, taskArns: [], ran: true, retried: true }],
    tasks: [{ taskArn: 'task/1', stopped: true, exitCode: 1, cause }],
    deadline: START,
    lookedAt: START,
    cause,
    tail,
  };
  const alert: Alert = {
    id: `web-app:crashLoop:${START}`,
    service: 'web-app',
    kind: 'crashLoop',
    cause,
    lately: cause,
    count: 3,
    tasks: { crash: 3 },
    firstAt: START,
    lastAt: START,
    runs: { what: text, at: START },
    lookedAt: START,
    end: { at: START, how: 'recovered', reason: text },
  };
  return { run, alert };
}

/** What is kept and what is answered, for texts and the secrets in them. */
export function describeStored(cases: readonly Case[]): void {
  describe('invariant 11, secrets stay secret: nothing leaves with', () => {
    it.each(cases)('%s, in the table and in what operate answers', async (_, text, secrets) => {
      const { store, texts } = aTable();
      const app = anApp({ before: [aTask('db-migrate')] });
      const cause = { ...CRASH, sentence: text, evidence: [text] };
      const { perform } = aPerformer({
        startRun: () => ({ kind: 'runStarted', taskArns: ['task/1'] }),
        lookAtTask: () => ({
          kind: 'taskSeen',
          task: {
            taskArn: 'task/1',
            found: true,
            lastStatus: 'STOPPED',
            scaledIn: false,
            exitCodes: { 'db-migrate': 1 },
            cause,
          },
        }),
        readLines: () => ({
          kind: 'linesRead',
          tail: { lines: [{ at: START, container: 'db-migrate', text }], elsewhere: [text] },
        }),
      });
      const { world } = aWorld({ apps: [app], store, perform });
      await advance(world, app, {
        type: 'imagePushed',
        tag: '1.1.0',
        digest: digestOf('1.1.0'),
        at: START,
        source: 'event',
      });
      await advance(world, app, { type: 'taskStopped', taskArn: 'task/1', scaledIn: false });
      const ask = (request: Parameters<typeof operate>[1]) =>
        leaving({ error: () => undefined }, request, () => operate(world, request, aReading()));
      const answers = [
        await ask({ command: 'hold', app: 'web', reason: text, who: text }),
        await ask({ command: 'hold', app: 'web', reason: text, who: text }),
        await ask({ command: 'status' }),
        await ask({ command: 'releases', app: 'web' }),
        await ask({ command: 'why', app: 'web', tag: '1.1.0' }),
      ];
      const written = texts();
      expect(written).toContain('"outcome":"failed"');
      expect(written).toContain('[redacted]');
      expectNone([written], secrets);
      expectNone(answers, secrets);
    });

    it.each(cases)('%s, in what is stored and announced of runs and alerts', async (_, text, secrets) => {
      const { store, texts } = aTable();
      const app = anApp({ tasks: [aScheduledTask('report')] });
      const { run, alert } = remembered(text);
      const watched = { 'web-app': { lookedAt: START, cause: said(text), stops: [] } };
      const pending = { key: 'announce', attempt: 1, since: START, why: text };
      const state = {
        ...initialState('web'),
        runs: [run],
        blockedImages: [{ digest: digestOf('1.0.0'), release: 1, how: text }],
        alerts: { alerts: [alert], watched, seen: [] },
        outbox: [
          { ...pending, effect: { kind: 'stopTask' as const, taskArn: 'task/1', reason: text } },
          {
            ...pending,
            effect: {
              kind: 'lookAtTrouble' as const,
              service: 'web-app',
              about: 'placement' as const,
              at: START,
              words: text,
            },
          },
        ],
      };
      await store.save({ state, version: 1 }, undefined);
      await store.recordRun('web', run);
      const { world } = aWorld({ apps: [app], store, perform: aPerformer().perform });
      const logs: Logs = {
        ...noLogs,
        since: async () => ({
          lines: [{ at: START, container: 'web', text }],
          elsewhere: [text],
          silent: [text],
          cursor: 'c',
          more: false,
          dry: true,
        }),
      };
      const ask = (request: Parameters<typeof operate>[1]) =>
        leaving({ error: () => undefined }, request, () => operate(world, request, aReading({ logs })));
      const answers = [
        await ask({ command: 'status' }),
        await ask({ command: 'status', app: 'web' }),
        await ask({ command: 'runs' }),
        await ask({ command: 'follow', app: 'web', run: run.id }),
      ];
      expect(answers.every(({ ok }) => ok)).toBe(true);
      expectNone([texts()], secrets);
      expectNone(answers, secrets);
      // The store keeps nothing unmasked; what is answered may still come from elsewhere.
      expectNone(withoutSecrets({ runs: [{ ...run, earlier: [text] }], alerts: [alert] }), secrets);
    });
  });
}
