import { answerFault, notStarted } from '../../shared/perform/refusals.ts';
import { AwsFault } from '../../shared/ports.ts';

describe('a task that RunTask refuses', () => {
  it.each([
    ['RESOURCE:ENI', true, 'awsvpcTrunking'],
    ['ATTRIBUTE', false, 'placement constraints'],
    ['No Container Instances were found in your cluster.', false, 'Add container instances'],
  ])('comes with advice: %s', async (failure, capacity, advice) => {
    expect(await notStarted('db-migrate', failure)).toMatchObject({
      capacity,
      cause: { evidence: [failure], advice: expect.stringContaining(advice) },
    });
  });

  it('comes without advice for an unknown message', async () => {
    expect(await notStarted('db-migrate', 'Something new')).toMatchObject({ cause: { kind: 'notStarted' } });
  });
});

describe('answerFault', () => {
  it('names the member of fairway.yml that says which task definition', () => {
    const fault = new AwsFault('ClientException', 'ecs:RunTask: Unable to describe task definition.', false);
    expect(answerFault(fault, 0)).toMatchObject({
      kind: 'refused',
      cause: {
        kind: 'noTaskDefinition',
        sentence: expect.stringContaining('fix `taskDefinition` in fairway.yml'),
      },
    });
  });
});

describe('a fault that may pass', () => {
  it('is tried again after waits that double, up to a minute', () => {
    const throttled = new AwsFault('ThrottlingException', 'ecs:UpdateService: Rate exceeded', true);
    const waits = [0, 1, 2, 30].map((attempt) => Object(answerFault(throttled, attempt)).wait);
    for (const [attempt, wait] of waits.slice(0, 3).entries()) {
      expect(wait).toBeGreaterThanOrEqual(750 * 2 ** attempt);
      expect(wait).toBeLessThanOrEqual(1_250 * 2 ** attempt);
    }
    expect(waits[3]).toBe(60_000);
  });
});
