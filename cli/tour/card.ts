import { renderCard } from '../../shared/announce/card.ts';
import type { Style } from '../style.ts';
import type { SentMessage } from './control.ts';

/** Draws a Slack message as people see it. */
export function cardRenderer(style: Style): (message: SentMessage) => string {
  const colour = style.dim('') !== '';
  return ({ channel, payload }) =>
    [style.dim(`Slack ${channel ?? ''}`), renderCard(payload, { width: 88, colour })].join('\n');
}
