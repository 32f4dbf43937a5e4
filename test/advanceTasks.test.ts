import { advance } from '../shared/advance.ts';
import type { Answer } from '../shared/domain/answers.ts';
import type { ObservedTask } from '../shared/domain/observations.ts';
import { anApp, aTask, digestOf, MINUTE, START } from './builders.ts';
import { aPerformer, aStore, aWorld } from './fakes.ts';

/** A release that ends while the answer of RunTask is on its way, or never comes. */

const app = anApp({ before: [aTask('db-migrate')] });
const push = (tag: string, at: number) =>
  ({ type: 'imagePushed', tag, digest: digestOf(tag), at, source: 'event' }) as const;

/** The first RunTask hangs until the test ends it; later ones answer at once. ECS has started the task in both cases. */
function aRace() {
  const { store, items, history } = aStore();
  const usual = aPerformer();
  const effects: string[] = [];
  let elapsed = 0;
  let starts = 0;
  let hasStopped = false;
  let begin: () => void = () => {};
  let letGo: (answer: Answer) => void = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const task = (lastStatus: string): ObservedTask => ({
    taskArn: 'task/1',
    found: true,
    lastStatus,
    scaledIn: false,
    exitCodes: {},
  });
  const perform: typeof usual.perform = async (of, effect, attempt) => {
    effects.push(effect.kind);
    if (effect.kind === 'lookAtTask')
      return { kind: 'taskSeen', task: task(hasStopped ? 'STOPPED' : 'RUNNING') };
    if (effect.kind !== 'startRun') return usual.perform(of, effect, attempt);
    if (effect.find) return { kind: 'runStarted', taskArns: ['task/1'] };
    starts += 1;
    if (starts > 1) return { kind: 'runStarted', taskArns: [`task/${starts}`] };
    begin();
    return new Promise<Answer>((resolve) => {
      letGo = resolve;
    });
  };
  const tell = async (owner: string, event: Parameters<typeof advance>[2]) => {
    hasStopped ||= event.type === 'taskStopped';
    return advance(aWorld({ apps: [app], store, perform, owner, at: () => elapsed }).world, app, event);
  };
  return {
    tell,
    effects,
    starts: () => starts,
    begun,
    history,
    answer: (answer: Answer) => letGo(answer),
    state: () => items.get('web')?.state,
    wait(milliseconds: number) {
      elapsed += milliseconds;
    },
  };
}

describe.each(['cancel', 'rollback'] as const)(
  'advance, with a %s while RunTask is on its way',
  (command) => {
    const request = { type: 'operator', request: { command, app: 'web', who: 'operator-a' } } as const;

    it('stops the task that the answer names before the next release starts', async () => {
      const race = aRace();
      await race.tell('p0', { type: 'tick' });
      const first = race.tell('p1', push('1.1.0', START));
      await race.begun;
      race.wait(400);
      await race.tell('p2', request);
      await race.tell('p2', push('1.2.0', START + 1));
      race.answer({ kind: 'runStarted', taskArns: ['task/1'] });
      await first;
      expect(race.effects).toContain('stopTask');
      expect(race.starts()).toBe(1);
      expect(race.state()?.release?.number).toBe(1);
      await race.tell('p3', { type: 'taskStopped', taskArn: 'task/1', scaledIn: false });
      expect([...race.history.values()][0]?.outcome?.kind).toBe('rolledBack');
    });

    it('looks for the task when the function that started it has died, and starts none', async () => {
      const race = aRace();
      await race.tell('p0', { type: 'tick' });
      void race.tell('p1', push('1.1.0', START));
      await race.begun;
      // Its lease is over before anything else happens.
      race.wait(10 * MINUTE);
      await race.tell('p2', request);
      expect(race.starts()).toBe(1);
      expect(race.effects).toContain('stopTask');
      expect(race.state()?.release?.number).toBe(1);
    });
  },
);
