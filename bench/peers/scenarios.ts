/** What is deployed, and what a right verdict on it is. Each has a separate repository. */
export interface Scenario {
  readonly name: string;
  readonly good: boolean;
  /** How containers of the new image behave: a rule of the local cloud's `behaviours`. */
  readonly behaviour?: object;
}

export const NEW_TAG = '1.1.0';
export const CLUSTER = 'app-bench';

export const SCENARIOS: readonly Scenario[] = [
  { name: 'good', good: true },
  { name: 'crashing', good: false, behaviour: { exit: { after: '3s', code: 1 } } },
  { name: 'unpullable', good: false, behaviour: { pull: 'notFound' } },
];

export const FAIRWAY = 'Fairway';

/** The service that a tool deploys in its n-th run. */
export function serviceOf(tool: string, scenario: Scenario, run: number): string {
  return `${tool.toLowerCase().replaceAll(/[^a-z]+/g, '-')}-${scenario.name}-${run}`;
}

/** Every service of Fairway's is an app: one push of a repository releases all that use it. */
export function configurationText(runs: number): string {
  const apps = SCENARIOS.flatMap((scenario) =>
    Array.from({ length: runs }, (_, run) => {
      const name = serviceOf(FAIRWAY, scenario, run);
      const service = `{ name: ${name}, containers: [web], taskRole: bench-task, executionRole: bench-execution }`;
      return `  ${name}:
    cluster: ${CLUSTER}
    channels: [mail]
    image: { repository: ${scenario.name}, tags: { semver: ">=1.0.0" } }
    services: [${service}]`;
    }),
  );
  return `environment: bench\nchannels:\n  mail: { sns: {} }\napps:\n${apps.join('\n')}\n`;
}
