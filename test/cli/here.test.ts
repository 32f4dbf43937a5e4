import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../cli/fairway.ts';
import { commands } from '../../cli/registry.ts';
import { print, printVerbatim } from '../../cli/surroundings.ts';
import { commandHere, withCommandsHere } from '../../stack/here.ts';
import { recorded } from './fake-cloud.ts';

const here = commandHere().fairway;

describe('a command in a text of the CLI', () => {
  it('is as it is typed where the CLI is', () => {
    expect(here).toBe('npm run fairway --');
    expect(withCommandsHere('`fairway hold web`, then `fairway resume web`.')).toBe(
      '`npm run fairway -- hold web`, then `npm run fairway -- resume web`.',
    );
    expect(withCommandsHere('`fairway.yml`, `npx fairway x` and fairway-ecs')).toBe(
      '`fairway.yml`, `npx fairway x` and fairway-ecs',
    );
  });

  it('repeats the options of the line, but for those that it has', async () => {
    const options = [' --environment staging', ' --local http://127.0.0.1:1'];
    expect(withCommandsHere('`fairway resume web`, `fairway plan --environment dev`', options)).toBe(
      `\`${here} --environment staging --local http://127.0.0.1:1 resume web\`, \`${here} --local http://127.0.0.1:1 plan --environment dev\``,
    );
    const { around, written } = recorded();
    await run(['plan', '--environment', 'staging', '--config', 'a b.yml'], around);
    expect(written.err).toContain(`\`${here} --environment staging --config 'a b.yml' init\` writes one`);
  });

  it('is so in all that Fairway says, and as it is in what others say', () => {
    const { around, written } = recorded();
    print(around.out, 'see `fairway plan`');
    printVerbatim(around.err, 'see `fairway plan`');
    expect(written).toEqual({ out: `see \`${here} plan\`\n`, err: 'see `fairway plan`\n' });
  });

  it.each([[], ['--json']])('is so in a refusal: %j', async (...more) => {
    const { around, written } = recorded();
    await run(['apply', 'plan.json', '--only', 'web', ...more], around);
    expect(written.out + written.err).toContain(`pass --only to \`${here} plan\``);
  });
});

describe('the sources of the CLI', () => {
  const root = join(import.meta.dirname, '..', '..');
  /** What people read of these is printed by the CLI. The documents and the tour write `fairway` as documents do. */
  const files = ['cli', 'shared/operate', 'shared/config'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/^(?:docs|tour)\//.test(name))
      .map((name) => join(folder, name)),
  );
  const lines = files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .map((text, index) => ({ place: `${file}:${index + 1}`, text })),
  );
  const found = (pattern: RegExp) =>
    lines.filter(({ text }) => pattern.test(text) && !/^\s*(?:\/\*\*|\*|\/\/)/.test(text));

  it('print everything in one place, where commands become those of here', () => {
    const writing = found(/\.write\(/).map(({ place }) => place.replace(/:.*/, ''));
    expect(writing).toEqual(['cli/surroundings.ts']);
  });

  it('write commands in backticks, so that they are found', () => {
    const names = Object.keys(commands).join('|');
    const bare = new RegExp(`(?<!\`)\\bfairway (?:${names}|deploy-stack)\\b`);
    const examples = /^\s*(?:examples: \[|)'fairway [^`]*',?\]?,?$|^\s*examples: \[/;
    expect(found(bare).filter(({ text }) => !examples.test(text))).toEqual([]);
  });
});
