import { diagnoseEvents } from '../../shared/domain/diagnosis/serviceEvents.ts';
import { diagnoseTask } from '../../shared/domain/diagnosis.ts';

describe('words that are no sentence', () => {
  it.each([
    ['slashes', 'a/'],
    ['directories', 'mkdir '],
    ['starts', 'exec: starting container '],
    ['pulls', 'CannotPullContainerError: '],
    ['secrets', 'secret log group volume dependency '],
    ['unhealthy', '(port 1) is unhealthy in '],
    ['spaces', ' '],
    ['quotes', `'"`],
    ['interfaces', 'InvalidSubnetID InvalidGroup.NotFound network interface '],
  ])('take little time, however long: %s', (_, word) => {
    const text = word.repeat(Math.ceil(200_000 / word.length));
    const started = performance.now();
    diagnoseTask({ stoppedReason: text, containers: [{ name: 'web', reason: text }] });
    diagnoseEvents('web', [text]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
