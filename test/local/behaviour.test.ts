import { parseBehaviour } from '../../local/behaviour.ts';

describe('a behavior ordered through the control endpoint', () => {
  it('keeps the fields that were given, and no others', () => {
    const order = {
      image: 'web-app:*',
      for: 'task',
      pull: 'slow',
      exit: { after: '5s', code: 3, reason: 'out of memory' },
      failToStart: { stopCode: 'TaskFailedToStart', reason: 'no room' },
      health: 'healthyAfter 90s',
      targetHealth: 'unhealthy 503',
      logs: ['a', 'b'],
    };
    expect(parseBehaviour(order)).toEqual(order);
    expect(parseBehaviour({ exit: 'never' })).toStrictEqual({ exit: 'never' });
  });

  it.each<[unknown, string]>([
    [[], 'a behavior is a JSON object'],
    [{ colour: 1 }, 'unknown field "colour": expected one of image, family'],
    [{ image: '' }, '"image" is "": expected text'],
    [{ for: 'all' }, '"for" is "all": expected one of service, task'],
    [{ startAfter: 'soon' }, '"startAfter" is "soon": expected a duration such as "5s" or "1h30m"'],
    [{ health: 'ill' }, '"health" is "ill": expected "healthy", "unhealthy" or "healthyAfter 90s"'],
    [{ targetHealth: 'unhealthy 99' }, '"targetHealth" is "unhealthy 99": expected "healthy"'],
    [{ exit: 1 }, '"exit" is 1: expected "never" or {"after", "code", "reason"}'],
    [{ exit: { after: '1s', code: 256 } }, '"exit.code" is 256: expected a number from 0 to 255'],
    [{ exit: { code: 1 } }, '"exit.after" is undefined: expected a duration'],
    [{ exit: { after: '1s', code: 1, why: '' } }, 'unknown field "exit.why": expected one of after, code'],
    [{ failToStart: {} }, '"failToStart.stopCode" is undefined: expected text such as "TaskFailedToStart"'],
    [{ logs: [1] }, '"logs" is [1]: expected a list of lines'],
  ])('is refused with the field and what it expects: %j', (order, message) => {
    expect(() => parseBehaviour(order)).toThrow(message);
  });

  it('is refused with every fault at once', () => {
    const order = { pull: 'never', health: 'ill', size: 1 };
    expect(() => parseBehaviour(order)).toThrow(/"size".*; "pull".*; "health"/);
  });
});
