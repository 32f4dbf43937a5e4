import { parseDuration } from './duration.ts';

/** Reads the fields of a JSON object; a wrong one is absent, and a fault. Names are paths: "exit.after". */
export interface Fields {
  readonly faults: readonly string[];
  valueAt(field: string): unknown;
  fault(field: string, expected: string): undefined;
  text(field: string): string | undefined;
  texts(field: string): readonly string[] | undefined;
  oneOf<T extends string>(field: string, allowed: readonly T[]): T | undefined;
  duration(field: string): string | undefined;
  health(field: string): string | undefined;
  refuseUnknown(at: Readonly<Record<string, unknown>>, allowed: readonly string[], prefix: string): void;
}

export function createFields(json: Readonly<Record<string, unknown>>): Fields {
  const faults: string[] = [];

  function fault(field: string, expected: string): undefined {
    faults.push(`"${field}" is ${JSON.stringify(valueAt(field))}: expected ${expected}`);
    return undefined;
  }

  function valueAt(field: string): unknown {
    return field.split('.').reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), json);
  }

  function text(field: string): string | undefined {
    const value = valueAt(field);
    if (value === undefined) return undefined;
    return typeof value === 'string' && value !== '' ? value : fault(field, 'text');
  }

  function texts(field: string): readonly string[] | undefined {
    const value = valueAt(field);
    if (value === undefined) return undefined;
    return isTexts(value) ? value : fault(field, 'a list of lines');
  }

  function oneOf<T extends string>(field: string, allowed: readonly T[]): T | undefined {
    const value = valueAt(field);
    if (value === undefined) return undefined;
    return allowed.find((each) => each === value) ?? fault(field, `one of ${allowed.join(', ')}`);
  }

  function duration(field: string): string | undefined {
    const value = text(field);
    if (value === undefined) return undefined;
    return isDuration(value) ? value : fault(field, 'a duration such as "5s" or "1h30m"');
  }

  function health(field: string): string | undefined {
    const value = text(field);
    if (value === undefined || value === 'healthy' || value === 'unhealthy') return value;
    if (value.startsWith('healthyAfter ') && isDuration(value.slice('healthyAfter '.length))) return value;
    return fault(field, '"healthy", "unhealthy" or "healthyAfter 90s"');
  }

  function refuseUnknown(at: Readonly<Record<string, unknown>>, allowed: readonly string[], prefix: string) {
    for (const key of Object.keys(at)) {
      if (!allowed.includes(key)) {
        faults.push(`unknown field "${prefix}${key}": expected one of ${allowed.join(', ')}`);
      }
    }
  }

  return { faults, valueAt, fault, text, texts, oneOf, duration, health, refuseUnknown };
}

function isDuration(text: string): boolean {
  try {
    parseDuration(text);
    return true;
  } catch {
    return false;
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
