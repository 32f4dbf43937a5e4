import { answerFault, notStarted } from '../../shared/perform/refusals.ts';
import { AwsFault } from '../../shared/ports.ts';

describe('a task that RunTask refuses', () => {
  it.each([
    ['RESOURCE:ENI', true, 'awsvpcTrunking'],
    ['ATTRIBUTE', false, 'placement constraints'],
    ['No Container Instances were found in your cluster.', false, 'Add container instances'],
  ])('comes with advice: %s', (failure, capacity, advice) => {
    expect(notStarted('db-migrate', failure)).toMatchObject({
      capacity,
      cause: { evidence: [failure], advice: expect.stringContaining(advice) },
    });
  });

  it('comes without advice for an unknown message', () => {
    expect(notStarted('db-migrate', 'Something new')).toMatchObject({ cause: { kind: 'notStarted' } });
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
