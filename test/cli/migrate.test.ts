import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../cli/fairway.ts';

const OLD = `# Ours.
environment: production
apps:
  web: # the shop
    image: { repository: web-app, tags: { semver: '>=1.0.0' } }
    services: [{ name: web-app }]
    onFailure: putBack
`;
const NEW = OLD.replace('putBack', 'rollBack');

const directory = mkdtempSync(join(tmpdir(), 'fairway-migrate-'));
const file = join(directory, 'fairway.yml');
afterAll(() => rmSync(directory, { recursive: true }));

async function migrate(text: string, ...more: readonly string[]) {
  writeFileSync(file, text);
  let out = '';
  const output = { write: (written: string) => (out += written) };
  const around = { env: {}, out: output, err: output, directory, now: () => 0 };
  const code = await run(['migrate', ...more], around);
  return { code, out, text: readFileSync(file, 'utf8') };
}

describe('fairway migrate', () => {
  it('writes the file, and shows the lines that changed', async () => {
    const { code, out, text } = await migrate(OLD);
    expect({ code, text }).toEqual({ code: 0, text: NEW });
    expect(out).toBe(`${file}: changed\n  -    onFailure: putBack\n  +    onFailure: rollBack\n`);
  });

  it('writes nothing with --dry-run', async () => {
    const { code, out, text } = await migrate(OLD, '--dry-run');
    expect({ code, text }).toEqual({ code: 0, text: OLD });
    expect(out).toContain('fairway.yml: would change\n  -    onFailure: putBack\n');
  });

  it('has nothing to change a second time', async () => {
    expect(await migrate(NEW)).toEqual({ code: 0, out: `${file}: nothing to change\n`, text: NEW });
  });

  it('leaves to a person what it cannot decide, and says so', async () => {
    const both = `${NEW}    timeouts: { putBack: 1h, rollBack: 2h }\n`;
    const { code, out, text } = await migrate(both);
    expect({ code, text }).toEqual({ code: 1, text: both });
    expect(out).toContain('1 change left to you:\n  apps.web.timeouts.putBack: delete it');
  });

  it('says what is wrong with a file that is not YAML', async () => {
    const { code, out, text } = await migrate('apps: [\n');
    expect({ code, text }).toEqual({ code: 1, text: 'apps: [\n' });
    expect(out).toMatch(/fairway\.yml:\d+:\d+: expected valid YAML/);
  });
});
