import { kindOfKey } from '../../shared/domain/redaction/keys.ts';
import { redact } from '../../shared/domain/redaction/redact.ts';
import { redactAll } from '../../shared/domain/redaction/structures.ts';
import type { Difference } from '../../shared/infrastructure/compare.ts';
import { isList, isObject, type Json, stableText } from '../../shared/infrastructure/json.ts';
import type { Resource } from '../../shared/infrastructure/kind.ts';
import { KINDS } from '../../shared/infrastructure/kinds.ts';
import { type Change, isEmpty, type Plan, summary } from '../../shared/infrastructure/plan.ts';
import type { Style } from '../style.ts';

/** A plan like a diff. Values that may be secrets are not shown. */

const LONGEST_VALUE = 160;

export function renderPlan(plan: Plan, style: Style): string {
  const blocks = plan.changes.map((change) => renderChange(change, style));
  const left = plan.undeclared.map(
    (end) => `${style.warn('?')} ${end}: no longer declared, and left as it is`,
  );
  const sentence = isEmpty(plan) ? 'No changes' : 'Plan';
  return [
    ...blocks,
    ...(left.length > 0 ? [left.join('\n')] : []),
    style.bold(`${sentence}: ${summary(plan)}.`),
  ].join('\n\n');
}

export function renderChange(change: Change, style: Style): string {
  switch (change.action) {
    case 'create':
      return [heading('+', change, '', style.good), ...declaredLines(change.resource, style.good)].join('\n');
    case 'wait':
      return [
        heading('+', change, `, when the first image is in ${change.repository}`, style.good),
        ...declaredLines(change.resource, style.good),
      ].join('\n');
    case 'change':
      return [
        heading('~', change, howItChanges(change), style.warn),
        ...change.found.flatMap((difference) => differenceLines(difference, style)),
        ...change.byHand.map((how) => `  ${style.bad('!')} not done: ${how}`),
        ...change.notes.map((note) => `  ${style.dim('·')} ${note}`),
      ].join('\n');
    case 'leave':
      return [
        heading('=', change, `: left alone, ${change.owner} owns it`, style.dim),
        ...change.found.flatMap((difference) => differenceLines(difference, style)),
      ].join('\n');
  }
}

function howItChanges({ release, calls }: Extract<Change, { action: 'change' }>): string {
  if (release === undefined) return '';
  return `${calls.length > 0 ? ', and' : ''} as a release of ${release.app}, with its live image`;
}

function heading(
  mark: string,
  { kind, name }: Change,
  rest: string,
  colour: (text: string) => string,
): string {
  return `${colour(mark)} ${KINDS[kind].title} ${name}${rest}`;
}

function declaredLines({ members }: Resource, colour: (text: string) => string): readonly string[] {
  return Object.entries(members)
    .filter(([, value]) => value !== undefined && value !== null)
    .flatMap(([member, value]) => leaves(value, member))
    .map(([path, value]) => `  ${colour('+')} ${path}: ${shown(path, value)}`);
}

/** Every single value of a declaration, by its path. */
function leaves(value: Json | undefined, path: string): readonly (readonly [string, Json | undefined])[] {
  if (isObject(value) && Object.keys(value).length > 0)
    return Object.entries(value).flatMap(([member, item]) => leaves(item, `${path}.${member}`));
  if (isList(value) && value.some(isObject))
    return value.flatMap((item, index) => leaves(withoutName(item), `${path}[${nameIn(item) ?? index}]`));
  return [[path, value]];
}

function nameIn(item: Json): string | undefined {
  return isObject(item) && typeof item.name === 'string' ? item.name : undefined;
}

function withoutName(item: Json): Json {
  if (!isObject(item) || nameIn(item) === undefined) return item;
  const { name: _, ...others } = item;
  return others;
}

function differenceLines({ path, from, to }: Difference, style: Style): readonly string[] {
  if (isHidden(path)) return [`  ${style.warn('~')} ${path}: value changed`];
  return [
    ...(from === undefined ? [] : [`  ${style.bad('-')} ${path}: ${shown(path, from)}`]),
    ...(to === undefined ? [] : [`  ${style.good('+')} ${path}: ${shown(path, to)}`]),
  ];
}

/** A value on one line, without what may be a secret. */
function shown(path: string, value: Json | undefined): string {
  if (isHidden(path)) return '(not shown)';
  const text = redact(typeof value === 'string' ? value : stableText(withoutSecrets(path, value)));
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** "containerDefinitions[web].environment[API_KEY].value", "logConfiguration.options.apikey" */
function isHidden(path: string): boolean {
  const [, variable] = /\.environment\[([^\]]+)\]/.exec(path) ?? [];
  const [, last] = /\.([^.[\]]+)$/.exec(path) ?? [];
  return [variable, last].some((name) => name !== undefined && kindOfKey(name) !== undefined);
}

/** Under the name of its member, since only that says whether a list is a command. */
function withoutSecrets(path: string, value: Json | undefined): Json | undefined {
  const [, member = ''] = /([^.[\]]+)(?:\[[^\]]*\])*$/.exec(path) ?? [];
  return redactAll<Readonly<Record<string, Json | undefined>>>({ [member]: hiddenInside(value) })[member];
}

/** Variables inside a larger value, and whatever looks like a secret. */
function hiddenInside(value: Json | undefined): Json | undefined {
  if (typeof value === 'string') return redact(value);
  if (isList(value)) return value.map((item) => hiddenInside(item) ?? null);
  if (!isObject(value)) return value;
  const isSecret = typeof value.name === 'string' && 'value' in value && kindOfKey(value.name) !== undefined;
  const members = Object.entries(value).map(([member, item]): [string, Json | undefined] => [
    member,
    isSecret && member === 'value' ? '(not shown)' : hiddenInside(item),
  ]);
  return Object.fromEntries(members);
}

/** The plan for programs: stable names, no values that may be secrets. */
export function planAsJson(plan: Plan) {
  return {
    changes: plan.changes.map((change) => ({
      action: change.action,
      kind: change.kind,
      name: change.name,
      ...('found' in change ? { differences: change.found.map(differenceAsJson) } : {}),
      ...('repository' in change ? { waitsForImageOf: change.repository } : {}),
      ...('release' in change && change.release ? { release: change.release.app } : {}),
      ...('byHand' in change && change.byHand.length > 0 ? { byHand: change.byHand } : {}),
      ...('notes' in change && change.notes.length > 0 ? { notes: change.notes } : {}),
      ...('owner' in change ? { owner: change.owner } : {}),
    })),
    undeclared: plan.undeclared,
    summary: summary(plan),
  };
}

function differenceAsJson({ path, from, to }: Difference) {
  if (isHidden(path)) return { path };
  return { path, from: withoutSecrets(path, from), to: withoutSecrets(path, to) };
}
