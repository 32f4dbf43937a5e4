import { matchesArn, matchesWildcard } from './wildcard.ts';

/** The context of a request: condition keys with one or several values. Keys are case-insensitive. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

type Test = (wanted: string, actual: string) => boolean;

/** Operators in their positive form; `StringNotEquals` and its like are these, negated. */
const TESTS: Readonly<Record<string, Test>> = {
  StringEquals: (wanted, actual) => wanted === actual,
  StringEqualsIgnoreCase: (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase(),
  StringLike: (wanted, actual) => matchesWildcard(wanted, actual),
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  Bool: (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase(),
  NumericEquals: (wanted, actual) => Number(actual) === Number(wanted),
  NumericLessThan: (wanted, actual) => Number(actual) < Number(wanted),
  NumericLessThanEquals: (wanted, actual) => Number(actual) <= Number(wanted),
  NumericGreaterThan: (wanted, actual) => Number(actual) > Number(wanted),
  NumericGreaterThanEquals: (wanted, actual) => Number(actual) >= Number(wanted),
};

const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
};

interface Operator {
  readonly set: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly test: Test;
}

/** Whether the condition operator is one that `conditionHolds` knows. */
export function isConditionOperator(name: string): boolean {
  return name === 'Null' || parseOperator(name) !== undefined;
}

/**
 * Whether one line of a Condition block holds (IAM user guide, "Condition operators" and
 * "Conditions with multiple context keys or values"): several policy values are OR, for negated operators NOR;
 * a missing key fails positive operators and passes negated ones.
 */
export function conditionHolds(
  operatorName: string,
  key: string,
  wanted: readonly string[],
  context: Context,
): boolean {
  const actual = valuesOf(context, key);
  if (operatorName === 'Null') return wanted.includes(String(actual === undefined));
  const operator = parseOperator(operatorName);
  if (!operator) throw new Error(`condition operator ${operatorName} is not simulated`);
  const matches = (value: string): boolean =>
    wanted.some((each) => operator.test(each, value)) !== operator.negated;
  if (operator.set === 'ForAllValues') return (actual ?? []).every(matches);
  if (operator.set === 'ForAnyValue') {
    return actual === undefined ? operator.ifExists : actual.some(matches);
  }
  if (actual === undefined) return operator.ifExists || operator.negated;
  return operator.negated ? actual.every(matches) : actual.some(matches);
}

function valuesOf(context: Context, key: string): readonly string[] | undefined {
  const wanted = key.toLowerCase();
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === wanted);
  if (!found) return undefined;
  return typeof found[1] === 'string' ? [found[1]] : found[1];
}

function parseOperator(name: string): Operator | undefined {
  const parts = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(name);
  const base = parts?.[2];
  if (!parts || !base) return undefined;
  const positive = NEGATED[base];
  const test = TESTS[positive ?? base];
  if (!test) return undefined;
  const set = parts[1] === 'ForAllValues' || parts[1] === 'ForAnyValue' ? parts[1] : undefined;
  return { set, negated: positive !== undefined, ifExists: parts[3] !== undefined, test };
}
