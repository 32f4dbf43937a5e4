import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { documents } from '../../cli/docs/documents.ts';
import { configurationReference } from '../../cli/docs/reference.ts';
import { configurationJsonSchema } from '../../shared/config/json-schema.ts';
import { compileConfiguration } from '../../shared/config/load.ts';

const read = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');

describe('npm run docs', () => {
  it.each(Object.entries(documents()))('has been run since the schema changed: %s', (file, text) => {
    expect(read(file)).toBe(text);
  });

  it('is a script of the package', () => {
    expect(JSON.parse(read('package.json')).scripts.docs).toBe('node cli/run.mjs cli/docs/main.ts');
  });
});

describe('fairway.schema.json', () => {
  const schema = JSON.parse(read('fairway.schema.json'));
  const example = parse(read('fairway.yml'));

  it('is named by the first line of fairway.yml, for editors', () => {
    expect(read('fairway.yml').split('\n')[0]).toBe('# yaml-language-server: $schema=./fairway.schema.json');
  });

  it('knows every member at the top of fairway.yml, and of each app and its defaults', () => {
    const { apps, defaults } = schema.properties;
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(example)));
    expect(Object.keys(defaults.properties)).toEqual(expect.arrayContaining(Object.keys(example.defaults)));
    for (const app of Object.values(example.apps))
      expect(Object.keys(apps.additionalProperties.properties)).toEqual(
        expect.arrayContaining(Object.keys(Object(app))),
      );
  });

  it('requires members that fairway.yml has, and refuses unknown ones', () => {
    expect(Object.keys(example)).toEqual(expect.arrayContaining(schema.required));
    expect(schema.required).toEqual(['environment', 'apps']);
    expect(schema.additionalProperties).toBe(false);
  });

  it('has only patterns that are valid Unicode regular expressions, as editors need', () => {
    const patterns = Array.from(read('fairway.schema.json').matchAll(/"pattern": (".*")/g), ([, text = '']) =>
      String(JSON.parse(text)),
    );
    expect(patterns.length).toBeGreaterThan(10);
    for (const pattern of patterns) expect(() => new RegExp(pattern, 'u')).not.toThrow();
  });
});

describe('docs/configuration.md', () => {
  const page = read('docs/configuration.md');

  it('starts with an example that compiles', () => {
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    expect(compileConfiguration(example, 'fairway.yml').apps.map(({ name }) => name)).toEqual([
      'web',
      'admin',
    ]);
  });

  it('shows tag policies that compile', () => {
    const policies = Array.from(page.matchAll(/^tags: (\{.*?\})\s+#/gm), ([, policy]) => policy);
    expect(policies).toHaveLength(4);
    for (const policy of policies) {
      const app = `{ cluster: c, image: { repository: web-app, tags: ${policy} }, services: [{ name: a }] }`;
      expect(compileConfiguration(`environment: p\napps: { web: ${app} }`, 'fairway.yml').apps).toHaveLength(
        1,
      );
    }
  });

  it('has a row for each member at the top of each part', () => {
    const { properties } = JSON.parse(JSON.stringify(configurationJsonSchema()));
    const app = properties.apps.additionalProperties.properties;
    const parts = [properties, properties.defaults.properties, app, app.image.properties];
    for (const name of parts.flatMap(Object.keys)) expect(page).toContain(`\n| \`${name}\` | `);
    for (const part of [app.services, app.before, app.after])
      for (const name of Object.keys(part.items.properties)) expect(page).toContain(`\n| \`${name}\` | `);
  });

  it('links only to headings it has', () => {
    const headings = Array.from(page.matchAll(/^## (.+)$/gm), ([, title = '']) =>
      title.toLowerCase().replaceAll(' ', '-'),
    );
    const links = Array.from(page.matchAll(/\]\(#([^)]+)\)/g), ([, anchor]) => anchor);
    expect(links.length).toBeGreaterThan(5);
    expect(headings).toEqual(expect.arrayContaining(links));
  });
});

describe('configurationReference, when a member is not described', () => {
  it.each([
    [
      'a description',
      { type: 'string', examples: ['x'] },
      'failed to document colour: it has no description',
    ],
    [
      'an example',
      { type: 'string', description: 'Its colour.' },
      'failed to document colour: it has no example',
    ],
    [
      'known type',
      { type: 'date', description: 'None.', examples: [null] },
      'failed to document colour: its type date',
    ],
  ])('refuses one without %s', (_, colour, message) => {
    expect(() => configurationReference({ type: 'object', properties: { colour } }, '')).toThrow(message);
  });
});
