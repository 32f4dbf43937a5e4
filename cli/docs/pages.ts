import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean, nearestOf } from '../../shared/domain/nearest.ts';
import { packageRoot } from '../../stack/root.ts';
import { exitCode, Failure } from '../failure.ts';

interface Page {
  /** As `fairway docs` takes it: "getting-started". */
  readonly name: string;
  readonly title: string;
}

/** The pages of the documentation that is installed with this version. */
export function listOfPages(): readonly Page[] {
  return namesOfPages().map((name) => ({ name, title: titleOf(read(name)) }));
}

/** A page as Markdown. Throws a `Failure` where there is none of that name. */
export function pageOf(name: string): Page & { readonly text: string } {
  const names = namesOfPages();
  if (!names.includes(name))
    throw new Failure(
      exitCode.usage,
      `there is no page "${name}"${didYouMean(nearestOf(name, names))}; the pages are ${names.join(', ')}`,
    );
  const text = read(name);
  return { name, title: titleOf(text), text };
}

/** An index of the documentation for language models, as llmstxt.org describes it. */
export function indexForModels(): string {
  const lines = listOfPages().map(({ name, title }) => `- [${title}](docs/${name}.md)`);
  return `# Fairway

> Continuous deployment for Amazon ECS: push an image, and it goes live. Lambda functions in your account run the migration, roll the services, and roll everything back if it fails.

\`npx --no-install fairway docs TOPIC\` prints a page of the installed version. Every command takes \`--json\`. The JSON Schema of \`fairway.yml\` is \`fairway.schema.json\`.

## Docs

${lines.join('\n')}

## Optional

- [Changelog](CHANGELOG.md)
`;
}

function namesOfPages(): readonly string[] {
  const files = readdirSync(folder()).filter((file) => file.endsWith('.md'));
  return files.map((file) => file.replace(/\.md$/, '')).toSorted();
}

function read(name: string): string {
  return readFileSync(join(folder(), `${name}.md`), 'utf8');
}

function titleOf(text: string): string {
  return /^# (.+)$/m.exec(text)?.[1] ?? '';
}

function folder(): string {
  return join(packageRoot(), 'docs');
}
