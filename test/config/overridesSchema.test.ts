import { parse } from 'yaml';
import * as z from 'zod';
import { configurationJsonSchema } from '../../shared/config/json-schema.ts';
import { valueAt } from '../../shared/config/shape.ts';

const schema = JSON.parse(JSON.stringify(configurationJsonSchema()));

/** What editors check of the overrides of an environment. zod finds references in `$defs` only. */
function editorSchema(): z.ZodType {
  const $defs: Record<string, unknown> = {};
  const overrides = JSON.parse(
    JSON.stringify(schema.$defs.overrides).replace(/"\$ref":"#\/([^"]+)"/g, (_, pointer: string) => {
      const path = pointer.split('/').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
      const name = pointer.replaceAll('/', '.');
      $defs[name] = valueAt(schema, path);
      if ($defs[name] === undefined) throw new Error(`nothing is at ${pointer}`);
      return `"$ref":"#/$defs/${name}"`;
    }),
  );
  return z.fromJSONSchema({ ...overrides, $defs });
}

describe('the schema of the overrides of an environment, for editors', () => {
  const overrides = editorSchema();

  it('is that of every environment', () => {
    expect(schema.properties.environments.additionalProperties.anyOf[0]).toEqual({
      $ref: '#/$defs/overrides',
    });
  });

  it.each([
    '{}',
    '{ cluster: app-prod, region: eu-west-1 }',
    '{ cluster: null, account: null, apps: { web: null } }',
    '{ apps: { web: { image: { tags: { newest: "*" } } } } }',
    '{ defaults: { timeouts: { rollout: 1h, capacity: null } } }',
    '{ channels: { mail: { sns: {} }, chat: null } }',
    '{ infrastructure: { services: { web: { scaling: { max: 4 } } }, taskDefinitions: { web: { cpu: 512 } } } }',
  ])('accepts %s', (text) => {
    expect(overrides.safeParse(parse(text)).success).toBe(true);
  });

  it.each([
    '{ regoin: eu-west-1 }',
    '{ region: moon }',
    '{ environment: other }',
    '{ version: 2 }',
    '{ apps: { web: { image: { tgas: {} } } } }',
    '{ apps: { web: { image: { tags: { newest: "*", digest: latest } } } } }',
    '{ apps: { web: { services: [{ nam: web }] } } }',
    '{ defaults: { timeouts: { rollout: 5 } } }',
    '{ channels: { mail: {} } }',
    '{ infrastructure: { services: { web: { scaling: { mx: 4 } } } } }',
  ])('refuses %s', (text) => {
    expect(overrides.safeParse(parse(text)).success).toBe(false);
  });

  it('is smaller than half of the schema of the file', () => {
    const size = (part: unknown) => JSON.stringify(part).length;
    expect(size(schema.$defs)).toBeLessThan(size(schema.properties) / 2);
  });
});
