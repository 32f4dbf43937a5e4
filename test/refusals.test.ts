import { AwsFault } from '../shared/ports.ts';
import { answerFault } from '../shared/refusals.ts';

describe('answerFault', () => {
  it('names the member of fairway.yml that says which task definition', () => {
    const fault = new AwsFault('ClientException', 'ecs:RunTask: Unable to describe task definition.', false);
    expect(answerFault(fault, 0)).toMatchObject({
      kind: 'refused',
      cause: {
        kind: 'noTaskDefinition',
        sentence: expect.stringContaining('mend `taskDefinition` in fairway.yml'),
      },
    });
  });
});
