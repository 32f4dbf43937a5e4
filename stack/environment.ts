import { SERVICE } from './names.ts';

/** What can name the environment that a command acts in. */
interface Naming {
  /** `--environment`. */
  readonly environment?: string | undefined;
  /** FAIRWAY_ENVIRONMENT. An empty variable is as if unset. */
  readonly variable?: string | undefined;
  /** `--stage`. */
  readonly stage?: string | undefined;
  /** `--function`. */
  readonly function?: string | undefined;
}

/**
 * The environment that a command line, or the shell, asks for; undefined if neither does. `--environment` overrides the
 * variable. Throws an Error where `--stage` or `--function` contradicts what they ask for.
 */
export function requestedEnvironment(naming: Naming): string | undefined {
  const { environment, stage } = naming;
  const variable = naming.variable || undefined;
  const requested = environment ?? variable;
  const from = environment === undefined ? `FAIRWAY_ENVIRONMENT=${variable}` : `--environment ${environment}`;
  if (requested !== undefined && stage !== undefined && stage !== requested)
    throw new Error(`--stage ${stage} contradicts ${from}: leave one of them out`);
  const named = requested ?? stage;
  if (named !== undefined && naming.function !== undefined && isOfOther(naming.function, named))
    throw new Error(
      `--function ${naming.function} contradicts ${requested === undefined ? `--stage ${stage}` : from}: leave one of them out`,
    );
  return requested;
}

/** Throws an Error if a function is of another stack than the one that the configuration file describes. */
export function refuseOtherFunction(name: string | undefined, stack: string): void {
  const other = name === undefined ? undefined : stackOfFunction(name);
  if (other !== undefined && other !== stack)
    throw new Error(
      `--function ${name} is of the stack ${other}, and the configuration file describes ${stack}: leave the option out, or choose the environment with --environment`,
    );
}

/** Whether a function is of a stack of another environment. */
function isOfOther(name: string, environment: string): boolean {
  const stack = stackOfFunction(name);
  return stack !== undefined && !stack.endsWith(`-${environment}`);
}

/** The stack of a function, as a name or an ARN. Other names than Fairway's say nothing. */
export function stackOfFunction(name: string): string | undefined {
  return new RegExp(`^(?:.*:function:)?(${SERVICE}-.+)-operate(?::[^:]*)?$`).exec(name)?.[1];
}
