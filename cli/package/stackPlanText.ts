import { counted } from '../../shared/domain/counted.ts';
import type { Rights, RightsChange } from '../../stack/changedRights.ts';
import { isUnchanged, type ResourceChange, type StackChanges } from '../../stack/changes.ts';
import type { Style } from '../style.ts';
import type { StackPlan } from './stackPlan.ts';

/** Resources of one line. With --json, all are shown. */
const MOST_RESOURCES = 10;

/** The plan like a diff. Its last line counts. */
export function renderStackPlan({ stack, where, changes, isForced }: StackPlan, style: Style): string {
  const { configuration, rights, resources, refused } = changes;
  const lines = [
    ...codeLine(changes, style),
    ...(configuration ? [`${style.warn('~')} configuration of all functions`] : []),
    ...rights.flatMap((change) => rightsLines(change, style)),
    ...resources.map((change) => resourceLine(change, style)),
    ...refused.map((why) => `${style.bad('!')} ${isForced ? 'not refused' : 'refused'}: ${why}`),
  ];
  const sentence = isUnchanged(changes) ? 'No changes' : `Plan: ${countOf(changes, isForced)}`;
  return [`${stack} in ${where}`, ...lines, '', style.bold(`${sentence}.`)].join('\n');
}

function codeLine({ code, version: { from, to } }: StackChanges, style: Style): readonly string[] {
  if (!code) return [];
  const versions =
    from === to
      ? `Fairway ${to}, built from other sources`
      : `Fairway ${[from, to].filter((version) => version !== undefined).join(' → ')}`;
  return [`${style.warn('~')} code of all functions: ${versions}`];
}

function rightsLines({ roles, gains, loses }: RightsChange, style: Style): readonly string[] {
  return [
    `${style.warn('~')} rights of ${roles.join(', ')}`,
    ...gains.map((rights) => `  ${style.good('+')} ${rightsText(rights)}`),
    ...loses.map((rights) => `  ${style.bad('-')} ${rightsText(rights)}`),
  ];
}

function rightsText({ effect, actions, resources, condition }: Rights): string {
  const deny = effect === 'Deny' ? 'not ' : '';
  const shown = resources.slice(0, MOST_RESOURCES).join(', ');
  const more = resources.length > MOST_RESOURCES ? ` and ${resources.length - MOST_RESOURCES} more` : '';
  const when = condition === undefined ? '' : ` if ${JSON.stringify(condition)}`;
  return `${deny}${actions.join(', ')} on ${shown}${more}${when}`;
}

function resourceLine(change: ResourceChange, style: Style): string {
  const { action, id, type, properties, replacing } = change;
  switch (action) {
    case 'add':
      return `${style.good('+')} ${id} (${type})`;
    case 'remove':
      return `${style.bad('-')} ${id} (${type})`;
    case 'change':
      return replacing.length > 0
        ? `${style.bad('±')} ${id} (${type}) is replaced: ${properties.join(', ')}`
        : `${style.warn('~')} ${id} (${type}): ${properties.join(', ')}`;
  }
}

function countOf({ rights, resources, refused }: StackChanges, isForced: boolean): string {
  const count = (action: ResourceChange['action']) =>
    resources.filter((change) => change.action === action).length;
  const replaced = resources.filter(({ replacing }) => replacing.length > 0).length;
  const roles = new Set(rights.flatMap((change) => change.roles)).size;
  const parts = [
    `${counted(count('add'), 'resource')} to add`,
    `${count('change')} to change${replaced === 0 ? '' : ` (${replaced} replaced)`}`,
    `${count('remove')} to remove`,
    `rights of ${counted(roles, 'role')}`,
  ];
  const verdict = isForced ? 'Not refused, since FAIRWAY_REPLACE is set' : 'Refused';
  return `${parts.join(', ')}. ${refused.length === 0 ? 'The table stays' : verdict}`;
}
