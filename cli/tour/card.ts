import { renderCard } from '../docs/card.ts';
import type { Style } from '../style.ts';
import type { SentMessage } from './control.ts';

/** Most columns of a card. */
const WIDEST = 88;

/** Draws a Slack message as Slack shows it. `columns`: of the terminal; undefined: there is none. */
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
