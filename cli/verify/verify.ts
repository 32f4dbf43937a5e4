import { type CheckedConfiguration, checkConfiguration } from '../../shared/config/load.ts';
import type { Configuration } from '../../shared/domain/app.ts';
import { counted } from '../../shared/domain/counted.ts';
import type { Connection } from '../connection.ts';
import { exitCode, Failure } from '../failure.ts';
import type { Style } from '../style.ts';
import { type ChannelFaults, checkChannels } from './channels.ts';
import { compare, type Difference } from './compare.ts';
import { look } from './look.ts';

export interface Verdict {
  readonly text: string;
  readonly json: {
    readonly ok: boolean;
    readonly sentence: string;
    readonly differences: readonly Difference[];
    readonly warnings: readonly string[];
  };
}

/** Checks a configuration against AWS. Throws a `Failure` where AWS cannot be read. */
export async function verify(
  { configuration, warnings: written }: CheckedConfiguration,
  connection: Connection,
  style: Style,
): Promise<Verdict> {
  const found = await look(configuration, connection);
  const channels = await checkChannels(configuration, connection);
  const differences = [...compare(configuration, found), ...channelDifferences(channels)];
  const unchecked = Object.entries(channels.unchecked).map(
    ([name, why]) =>
      `channels.${name} could not be checked (${why}): \`fairway announce --test ${name}\` tries it`,
  );
  const warnings = [...written, ...unchecked];
  const sentence = sentenceFor(configuration, differences, connection);
  return {
    text: [renderDifferences(sentence, differences, style), ...renderWarnings(warnings, style)].join('\n\n'),
    json: { ok: differences.length === 0, sentence, differences, warnings },
  };
}

function channelDifferences({ missing }: ChannelFaults): readonly Difference[] {
  return Object.entries(missing).map(([name, { what, fix }]) => ({
    app: 'channels',
    where: `channels.${name}`,
    what,
    mend: fix,
  }));
}

/** Checks a configuration file on its own, without AWS. Throws a `Failure` that names every fault. */
export function checkFile(file: string, style: Style) {
  const { configuration, warnings } = load(file);
  const services = configuration.apps.reduce((sum, app) => sum + app.services.length, 0);
  const sentence = `${file} is valid: ${counted(configuration.apps.length, 'app')}, ${counted(services, 'service')}.`;
  return {
    text: [`${style.good('✓')} ${sentence}`, ...renderWarnings(warnings, style)].join('\n\n'),
    json: { ok: true, sentence, warnings },
  };
}

function renderWarnings(warnings: readonly string[], style: Style): readonly string[] {
  if (warnings.length === 0) return [];
  return [[style.bold('Warnings'), ...warnings.map((warning) => `  ! ${warning}`)].join('\n')];
}

/** Reads a configuration file. Throws a `Failure` that names every fault. */
export function load(file: string): CheckedConfiguration {
  try {
    return checkConfiguration(file);
  } catch (error) {
    throw new Failure(exitCode.failed, error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

function sentenceFor(
  configuration: Configuration,
  differences: readonly Difference[],
  connection: Connection,
): string {
  const apps = counted(configuration.apps.length, 'app');
  if (differences.length === 0) return `${apps} checked against ${connection.where}: no differences.`;
  const count = counted(differences.length, 'difference');
  return `${apps} checked against ${connection.where}: ${count}.`;
}

/** The sentence, then each app with its differences and what to do. */
export function renderDifferences(
  sentence: string,
  differences: readonly Difference[],
  style: Style,
): string {
  const apps = [...new Set(differences.map(({ app }) => app))];
  const blocks = apps.map((app) => {
    const lines = differences
      .filter((difference) => difference.app === app)
      .flatMap(({ where, what, mend }) => [
        `  ${style.bad('✗')} ${where}: ${what}`,
        `    ${style.dim(mend)}`,
      ]);
    return [style.bold(app), ...lines].join('\n');
  });
  const mark = differences.length === 0 ? style.good('✓') : style.bad('✗');
  return [`${mark} ${sentence}`, ...blocks].join('\n\n');
}
