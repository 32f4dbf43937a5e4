import { parseArgs, types } from 'node:util';
import { exitCode, Failure } from '../failure.ts';

export interface TourOptions {
  /** End when told, even on a terminal. */
  readonly exit: boolean;
  /** 0 picks a free one. */
  readonly port: number;
  /** How much faster than real time. */
  readonly speed: number;
  readonly help: boolean;
}

export const usage = `npm start -- [options]     the guided tour: two releases on the local cloud
  --exit       end when the tour has ended, also on a terminal
  --speed N    how much faster than real time the simulated clock runs; default 25
  --port N     where the local cloud listens, on 127.0.0.1; default: a free port, 4566 if that is free`;

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
