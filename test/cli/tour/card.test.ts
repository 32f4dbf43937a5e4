import { width } from '../../../cli/docs/cardText.ts';
import { plain } from '../../../cli/style.ts';
import { cardRenderer } from '../../../cli/tour/card.ts';
import { renderSlack } from '../../announce/rendered.ts';
import { aStoryOf } from '../../announce/situations.ts';

const { text, blocks } = renderSlack(aStoryOf('failed, rolled back'));
const message = {
  at: '2026-01-01T00:00:00Z',
  kind: 'slack',
  channel: 'C1',
  update: false,
  payload: { text, blocks },
};

describe('a card of the tour', () => {
  it.each([
    [40, 40],
    [60, 60],
    [200, 88],
    [undefined, 88],
  ])('is not wider than a terminal of %s columns', (columns, expected) => {
    const lines = cardRenderer(plain, () => columns)(message).split('\n');
    expect(Math.max(...lines.map(width))).toBe(expected);
  });
});
