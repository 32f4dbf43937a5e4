import { renderCard } from '../docs/card.ts';
import type { Style } from '../style.ts';
import type { SentMessage } from './control.ts';

/** Columns of a card where there is room for them. */
const WIDEST = 88;

/** Draws a Slack message as people see it. `columns`: of the terminal; undefined: there is none. */
export function cardRenderer(
  style: Style,
  columns: () => number | undefined = () => undefined,
): (message: SentMessage) => string {
  const colour = style.dim('') !== '';
  return ({ channel, payload }) =>
    [
      style.dim(`Slack ${channel ?? ''}`),
      renderCard(payload, { width: Math.min(WIDEST, columns() ?? WIDEST), colour }),
    ].join('\n');
}
