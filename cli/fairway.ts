import { parse, wantsJson } from './arguments.ts';
import { createContext } from './context.ts';
import { exitCode, Failure } from './failure.ts';
import { commands } from './registry.ts';
import { repeatedOptions } from './shell.ts';
import { styleFor } from './style.ts';
import { print, repeating, type Surroundings } from './surroundings.ts';

/** Runs one line of `fairway`. Returns its exit code; never throws. */
export async function run(argv: readonly string[], process: Surroundings): Promise<number> {
  let around = process;
  try {
    const { action, options } = parse(argv, commands);
    around = repeating(process, repeatedOptions(options));
    return await action(createContext(options, commands, around));
  } catch (error) {
    const failure = error instanceof Failure ? error : undefined;
    const message = error instanceof Error ? error.message : String(error);
    const style = styleFor(around.err.isTTY ?? false, around.env);
    if (wantsJson(argv))
      print(around.out, JSON.stringify({ ok: false, error: errorName(failure), message }, null, 2));
    else print(around.err, `${style.bad('fairway:')} ${message}`);
    return failure?.exit ?? exitCode.failed;
  }
}

function errorName(failure: Failure | undefined): string {
  if (failure?.exit === exitCode.usage) return 'usage';
  if (failure?.exit === exitCode.unreachable) return 'unreachable';
  return 'failed';
}
