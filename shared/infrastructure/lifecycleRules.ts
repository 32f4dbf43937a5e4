import { type JsonObject, listAt, objectAt, objectsAt, stableText, textAt } from './json.ts';

/** The rules of an ECR lifecycle policy. Source: ECR user guide, "Lifecycle policy properties". */

const TAG_STATUSES = ['tagged', 'untagged', 'any'] as const;
const COUNT_TYPES = [
  'imageCountMoreThan',
  'sinceImagePushed',
  'sinceImagePulled',
  'sinceImageTransitioned',
] as const;

export interface LifecycleRule {
  readonly priority: number;
  readonly tagStatus: (typeof TAG_STATUSES)[number];
  /** An image is selected where each of these matches one of its tags. */
  readonly matchers: readonly ((tag: string) => boolean)[];
  readonly storage: 'standard' | 'archive';
  readonly countType: (typeof COUNT_TYPES)[number];
  /** Images, or days. */
  readonly count: number;
  readonly does: 'expire' | 'archive';
}

interface ReadRules {
  readonly rules: readonly LifecycleRule[];
  /** Why ECR refuses the policy; each begins with the priority of the rule. */
  readonly faults: readonly string[];
}

const MOST_WILDCARDS = 4;

/** Reads the JSON of a policy. A rule with a fault is left out. */
export function rulesOf(policy: JsonObject): ReadRules {
  const read = objectsAt(policy, 'rules').map(readRule);
  const rules = read.flatMap((rule) => ('faults' in rule ? [] : [rule]));
  const faults = read.flatMap((rule) => ('faults' in rule ? rule.faults : []));
  return { rules, faults: [...faults, ...faultsTogether(policy, rules)] };
}

function readRule(rule: JsonObject): LifecycleRule | { readonly faults: readonly string[] } {
  const priority = Number(rule.rulePriority);
  const selection = objectAt(rule, 'selection');
  const tagStatus = TAG_STATUSES.find((known) => known === selection.tagStatus);
  const countType = COUNT_TYPES.find((known) => known === selection.countType);
  const count = Number(selection.countNumber);
  const faults = [
    ...(Number.isInteger(priority) && priority > 0 ? [] : ['rulePriority is not a whole number from 1']),
    ...(tagStatus === undefined ? [`tagStatus is none of ${TAG_STATUSES.join(', ')}`] : []),
    ...(countType === undefined ? [`countType is none of ${COUNT_TYPES.join(', ')}`] : []),
    ...(Number.isInteger(count) && count > 0 ? [] : ['countNumber is not a whole number from 1']),
    ...tagFaults(selection),
  ];
  if (tagStatus === undefined || countType === undefined || faults.length > 0)
    return { faults: faults.map((fault) => `rule ${rule.rulePriority}: ${fault}`) };
  return {
    priority,
    tagStatus,
    matchers: matchersOf(selection),
    storage: selection.storageClass === 'archive' ? 'archive' : 'standard',
    countType,
    count,
    does: textAt(objectAt(rule, 'action'), 'type') === 'transition' ? 'archive' : 'expire',
  };
}

function tagFaults(selection: JsonObject): readonly string[] {
  const [prefixes, patterns] = [listAt(selection, 'tagPrefixList'), listAt(selection, 'tagPatternList')];
  const names = prefixes.length + patterns.length > 0;
  if (selection.tagStatus !== 'tagged')
    return names ? ['tagPrefixList and tagPatternList need the tagStatus tagged'] : [];
  if (!names) return ['the tagStatus tagged needs a tagPrefixList or a tagPatternList'];
  if (prefixes.length > 0 && patterns.length > 0)
    return ['tagPrefixList and tagPatternList exclude each other'];
  return patterns
    .filter((pattern) => String(pattern).split('*').length - 1 > MOST_WILDCARDS)
    .map((pattern) => `the pattern ${pattern} has more than ${MOST_WILDCARDS} wildcards`);
}

function matchersOf(selection: JsonObject): LifecycleRule['matchers'] {
  return [
    ...listAt(selection, 'tagPrefixList').map((prefix) => (tag: string) => tag.startsWith(String(prefix))),
    ...listAt(selection, 'tagPatternList').map((pattern) => matcherOf(String(pattern))),
  ];
}

/** `*` is any number of characters. Each part is looked for once, from left to right. */
function matcherOf(pattern: string): (tag: string) => boolean {
  const [start = '', ...others] = pattern.split('*');
  const end = others.pop();
  if (end === undefined) return (tag) => tag === pattern;
  return (tag) => {
    if (!tag.startsWith(start) || !tag.endsWith(end)) return false;
    const after = others.reduce((at, part) => {
      const found = at < 0 ? -1 : tag.indexOf(part, at);
      return found < 0 ? -1 : found + part.length;
    }, start.length);
    return after >= 0 && after <= tag.length - end.length;
  };
}

/** What is wrong with the rules beside each other. */
function faultsTogether(policy: JsonObject, rules: readonly LifecycleRule[]): readonly string[] {
  const last = new Map(
    rules.map(({ storage }) => [
      storage,
      Math.max(...rules.filter((rule) => rule.storage === storage).map(({ priority }) => priority)),
    ]),
  );
  return [
    ...repeated(rules.map(({ priority }) => `${priority}`)).map(
      (priority) => `rule ${priority}: rulePriority is used twice`,
    ),
    ...rules
      .filter(({ tagStatus, storage, priority }) => tagStatus === 'any' && priority !== last.get(storage))
      .map(({ priority }) => `rule ${priority}: the tagStatus any needs the highest rulePriority`),
    ...repeated(objectsAt(policy, 'rules').map(selectionKey)).map(
      (selection) => `two rules select the same images: ${selection}`,
    ),
  ];
}

/** Two rules of a policy must not select the same tags in the same storage class. */
function selectionKey(rule: JsonObject): string {
  const { tagStatus, tagPrefixList, tagPatternList, storageClass } = objectAt(rule, 'selection');
  return stableText({ tagStatus, tagPrefixList, tagPatternList, storageClass });
}

function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
