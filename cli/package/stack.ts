import { type checkConfiguration, checkWholeFile } from '../../shared/config/load.ts';
import { refuseOtherFunction } from '../../stack/environment.ts';
import { type StackOfFile, stackOfFile } from '../../stack/serverless.ts';
import { exitCode, Failure } from '../failure.ts';
import { environmentFor, type Options } from '../options.ts';
import { styleFor } from '../style.ts';
import { print, type Surroundings } from '../surroundings.ts';

/**
 * The stack of a configuration file; its warnings are printed. Throws a `Failure` that lists every mistake.
 * @param check `checkConfiguration`: mistakes in other environments do not count
 */
export async function readStack(
  file: string,
  options: Options,
  around: Surroundings,
  check: typeof checkConfiguration = checkWholeFile,
): Promise<StackOfFile> {
  const environment = environmentFor(options, around);
  const stack = await stackFor(file, options, environment, check).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    throw new Failure(exitCode.failed, message, { cause: error });
  });
  const style = styleFor(around.err.isTTY ?? false, around.env);
  for (const warning of stack.warnings) print(around.err, `${style.warn('warning:')} ${warning}`);
  return stack;
}

async function stackFor(
  file: string,
  options: Options,
  environment: string | undefined,
  check: typeof checkConfiguration,
): Promise<StackOfFile> {
  const stack = await stackOfFile(file, options, environment, check);
  refuseOtherFunction(options.function, stack.stack);
  return stack;
}
