import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { exitCode, Failure } from '../failure.ts';
import { configurationText, type Draft, packageText, serverlessText } from './files.ts';
import { describeChange, planOf, type Wanted } from './plan.ts';

/** Writes the files of a draft to a folder. Throws a `Failure` with the differences where a file would be replaced. */
export function writeFiles(draft: Draft, directory: string): readonly Wanted[] {
  const { writes, conflicts } = planOf(wantedIn(draft, directory));
  if (conflicts.length > 0)
    throw new Failure(
      exitCode.failed,
      `nothing was written, because these files exist and differ. Move them away, or add the lines yourself:\n${conflicts.map(describeChange).join('\n')}`,
    );
  for (const { name, after } of writes) writeFileSync(join(directory, name), after);
  return writes;
}

function wantedIn(draft: Draft, directory: string): readonly Wanted[] {
  const before = (name: string) => {
    const path = join(directory, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
  const manifestText = before('package.json');
  return [
    {
      name: 'fairway.yml',
      before: before('fairway.yml'),
      after: configurationText(draft),
      adds: false,
    },
    { name: 'serverless.yml', before: before('serverless.yml'), after: serverlessText, adds: false },
    {
      name: 'package.json',
      before: manifestText,
      after: packageText(manifestText, manifest.version),
      adds: true,
    },
  ];
}
