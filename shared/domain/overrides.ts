/** What one run changes of its task definition. */
export interface Overrides {
  readonly container: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** CPU units and MiB of the whole task. */
  readonly cpu?: number;
  readonly memory?: number;
  /** GiB. */
  readonly ephemeralStorage?: number;
}

/** Characters of JSON, punctuation included. Source: ECS API reference, RunTask, `overrides`. */
export const LONGEST_OVERRIDES = 8_192;

/** What differs from the definition; nothing where nothing does. Source: ECS API reference, TaskOverride. */
export function overridesOf(wanted: Overrides) {
  const { container: name, command, environment = {}, cpu, memory, ephemeralStorage } = wanted;
  const variables = Object.entries(environment).map(([key, value]) => ({ name: key, value }));
  const ofContainer = {
    ...(command && { command: [...command] }),
    ...(variables.length > 0 && { environment: variables }),
  };
  const overrides = {
    ...(Object.keys(ofContainer).length > 0 && { containerOverrides: [{ name, ...ofContainer }] }),
    ...(cpu !== undefined && { cpu: String(cpu) }),
    ...(memory !== undefined && { memory: String(memory) }),
    ...(ephemeralStorage !== undefined && { ephemeralStorage: { sizeInGiB: ephemeralStorage } }),
  };
  return Object.keys(overrides).length > 0 ? overrides : undefined;
}

/** Characters that they take in the request. */
export function lengthOfOverrides(wanted: Overrides): number {
  return JSON.stringify(overridesOf(wanted) ?? {}).length;
}
