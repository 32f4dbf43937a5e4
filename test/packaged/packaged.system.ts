import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../local/contract.ts';
import { unpackZip } from '../../local/lambda/zip.ts';
import { FUNCTIONS } from '../../stack/names.ts';
import { aSource } from '../stack/configurations.ts';
import { type Packaged, packageIn, readPackage } from '../stack/packaged.ts';
import { literalOf, type PackagedOtherwise, packagedFor } from './otherwise.ts';

/** Tests of other configurations than the example derive its package. */
describe('a package that is derived from that of the example', () => {
  let real: Packaged;
  let derived: PackagedOtherwise;
  let directory = '';

  beforeAll(async () => {
    const source = aSource({ apps: 50, services: 10, schedules: 2 });
    real = await packageIn(source);
    derived = await packagedFor(source);
    directory = await mkdtemp(join(tmpdir(), 'fairway-test-unpacked-'));
  }, 180_000);
  afterAll(async () => {
    await real?.remove();
    await derived?.remove();
    await rm(directory, { recursive: true, force: true });
  });

  /** The key of an archive holds the time of its packaging. */
  const withoutTime = (template: JsonObject): JsonObject =>
    JSON.parse(JSON.stringify(template).replaceAll(/\d{13}-\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'));

  it('has the template that `serverless package` writes', async () => {
    const { template } = await readPackage(derived.directory);
    expect(withoutTime(template)).toEqual(withoutTime(real.template));
  });

  async function codeOf(name: string, { directory: packaged }: { readonly directory: string }) {
    const unpacked = await mkdtemp(join(directory, name));
    await unpackZip(join(packaged, `${name}.zip`), unpacked);
    return readFile(join(unpacked, `functions/${name}/handler.mjs`), 'utf8');
  }

  /**
   * The minifier chooses letters by how often they occur in the whole, the configuration included. By chance they are
   * the name of a property. The names of the other parts have a digest of what they contain.
   */
  const withoutShortNames = (code: string) =>
    code
      .replaceAll(/(handler\.[\w-]+)-[0-9A-Z]{8}/g, '$1')
      .replaceAll(/(?<![\w$])[A-Za-z_$][\w$]{0,2}(?![\w$])/g, ({ length }) => 'x'.repeat(length))
      .replaceAll(/(?<![\w$])(x+):\1(?![\w$])/g, '$1');

  it.each(FUNCTIONS)('has the code of %s that `serverless package` makes', async (name) => {
    const configuration = await literalOf(derived.configuration);
    const [expected, code] = [await codeOf(name, real), await codeOf(name, derived)];
    expect(code.split(configuration)).toHaveLength(2);
    expect(expected.split(configuration)).toHaveLength(2);
    expect(withoutShortNames(code) === withoutShortNames(expected)).toBe(true);
  });
});
