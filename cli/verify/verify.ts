import type { CheckedConfiguration } from '../../shared/config/load.ts';
import type { Configuration } from '../../shared/domain/app.ts';
import { counted } from '../../shared/domain/counted.ts';
import type { Connection } from '../connection.ts';
import type { Style } from '../style.ts';
import { type ChannelFaults, checkChannels } from './channels.ts';
import { compare } from './compare.ts';
import type { Difference } from './difference.ts';
import { renderWarnings } from './file.ts';
import { look } from './look.ts';
import { registryWarnings } from './registries.ts';
import { tagWarnings } from './tags.ts';
import { trafficWarnings } from './traffic.ts';

interface Verdict {
  readonly text: string;
  readonly json: {
    readonly ok: boolean;
    readonly sentence: string;
    /** `mend` is the former name of `fix`. */
    readonly differences: readonly (Difference & { readonly mend: string })[];
    readonly warnings: readonly string[];
  };
}

/** Compares a configuration with what is in AWS. Throws a `Failure` where AWS cannot be read. */
export async function verifyConfiguration(
  { configuration, warnings: ofFile }: CheckedConfiguration,
  connection: Connection,
  style: Style,
): Promise<Verdict> {
  const found = await look(configuration, connection);
  const channels = await checkChannels(configuration, connection);
  const differences = [...compare(configuration, found), ...channelDifferences(channels)];
  const warnings = [
    ...ofFile,
    ...registryWarnings(configuration, found),
    ...tagWarnings(configuration, found.tags),
    ...channelWarnings(channels),
    ...(await trafficWarnings(configuration, connection)),
  ];
  const sentence = sentenceFor(configuration, differences, connection);
  return {
    text: [renderDifferences(sentence, differences, style), ...renderWarnings(warnings, style)].join('\n\n'),
    json: {
      ok: differences.length === 0,
      sentence,
      differences: differences.map((difference) => ({ ...difference, mend: difference.fix })),
      warnings,
    },
  };
}

function channelDifferences({ missing }: ChannelFaults): readonly Difference[] {
  return Object.entries(missing).map(([name, { what, fix }]) => ({
    app: 'channels',
    where: `channels.${name}`,
    what,
    fix,
  }));
}

function channelWarnings({ unchecked }: ChannelFaults): readonly string[] {
  return Object.entries(unchecked).map(
    ([name, why]) =>
      `channels.${name} could not be checked (${why}): \`fairway announce --test ${name}\` sends a test message`,
  );
}

function sentenceFor(
  { apps }: Configuration,
  differences: readonly Difference[],
  { where }: Connection,
): string {
  const count = differences.length === 0 ? 'no differences' : counted(differences.length, 'difference');
  return `Checked ${counted(apps.length, 'app')} in ${where}: ${count}.`;
}

/** The sentence, then the differences of each app, and how to fix them. */
export function renderDifferences(
  sentence: string,
  differences: readonly Difference[],
  style: Style,
): string {
  const apps = [...new Set(differences.map(({ app }) => app))];
  const blocks = apps.map((app) => {
    const lines = differences
      .filter((difference) => difference.app === app)
      .flatMap(({ where, what, fix }) => [`  ${style.bad('✗')} ${where}: ${what}`, `    ${style.dim(fix)}`]);
    return [style.bold(app), ...lines].join('\n');
  });
  const mark = differences.length === 0 ? style.good('✓') : style.bad('✗');
  return [`${mark} ${sentence}`, ...blocks].join('\n\n');
}
