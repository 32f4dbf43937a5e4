import { parseArgs, types } from 'node:util';
import { exitCode, Failure } from '../failure.ts';

export interface TourOptions {
  /** End after the summary, even on a terminal. */
  readonly exit: boolean;
  /** 0: a free one. */
  readonly port: number;
  /** As a multiple of real time. */
  readonly speed: number;
  readonly help: boolean;
}

export const usage = `npm start -- [options]     the guided tour: from an empty local cloud to two releases
  --exit       end after the summary, even on a terminal
  --speed N    the speed of the simulated clock, as a multiple of real time; default: 25
  --port N     the port of the local cloud on 127.0.0.1; default: 4566, or a free port if 4566 is in use`;

/** Throws a usage `Failure` that says what was expected. */
export function parseTour(argv: readonly string[]): TourOptions & { readonly portGiven: boolean } {
  const values = read(argv);
  return {
    exit: values.exit ?? false,
    help: values.help ?? false,
    port: number('--port', values.port ?? '4566', 0, 65_535),
    portGiven: values.port !== undefined,
    speed: number('--speed', values.speed ?? '25', 1, 1_000),
  };
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        exit: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        port: { type: 'string' },
        speed: { type: 'string' },
      },
      strict: true,
    }).values;
  } catch (error) {
    const fault = types.isNativeError(error) ? error.message.split('. ')[0] : String(error);
    throw new Failure(exitCode.usage, `${fault}.\n${usage}`);
  }
}

function number(name: string, text: string, from: number, to: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= from && value <= to) return value;
  throw new Failure(
    exitCode.usage,
    `${name} must be a whole number from ${from} to ${to}, not "${text}".\n${usage}`,
  );
}
