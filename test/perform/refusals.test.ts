import { notStarted } from '../../shared/perform/refusals.ts';

describe('a task that RunTask refuses', () => {
  it.each([
    ['RESOURCE:ENI', true, 'awsvpcTrunking'],
    ['ATTRIBUTE', false, 'placement constraints'],
    ['No Container Instances were found in your cluster.', false, 'Add container instances'],
  ])('comes with what mends it: %s', (failure, capacity, advice) => {
    expect(notStarted('db-migrate', failure)).toMatchObject({
      capacity,
      cause: { evidence: [failure], advice: expect.stringContaining(advice) },
    });
  });

  it('comes without where nobody has seen the words', () => {
    expect(notStarted('db-migrate', 'Something new')).toMatchObject({ cause: { kind: 'notStarted' } });
  });
});
