import { type StackOfFile, stackOfFile } from '../../stack/serverless.ts';
import { exitCode, Failure } from '../failure.ts';
import { environmentFor, type Options } from '../options.ts';
import { styleFor } from '../style.ts';
import { print, type Surroundings } from '../surroundings.ts';

/** The stack of a configuration file; its warnings are printed. Throws a `Failure` that lists every mistake. */
export async function readStack(file: string, options: Options, around: Surroundings): Promise<StackOfFile> {
  const stack = await stackOfFile(file, options, environmentFor(options, around)).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    throw new Failure(exitCode.failed, message, { cause: error });
  });
  const style = styleFor(around.err.isTTY ?? false, around.env);
  for (const warning of stack.warnings) print(around.err, `${style.warn('warning:')} ${warning}`);
  return stack;
}
