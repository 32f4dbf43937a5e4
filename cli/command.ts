import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, wantsJson } from './arguments.ts';
import { exitCode, Failure } from './failure.ts';
import { helpText } from './help.ts';
import { styleFor } from './style.ts';
import { print, type Surroundings } from './surroundings.ts';

/** Runs one line of `fairway` and answers its exit code; never throws. */
export async function run(argv: readonly string[], around: Surroundings): Promise<number> {
  try {
    const command = parse(argv);
    if (command.kind === 'help') {
      print(around.out, helpText(command.topic, styleFor(around.out.isTTY ?? false, around.env)));
      return exitCode.done;
    }
    if (command.kind === 'version') {
      print(around.out, command.json ? JSON.stringify({ version: version() }) : `fairway ${version()}`);
      return exitCode.done;
    }
    // The SDK and the parsers are loaded only where something needs them.
    const { perform } = await import('./perform.ts');
    return await perform(command, around);
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

function version(): string {
  const read: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'));
  return typeof read === 'object' && read !== null && 'version' in read ? String(read.version) : 'unknown';
}
