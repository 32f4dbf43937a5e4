import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package whose code is bundled. */
interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly license: string;
  /** The texts of its license and notice. */
  readonly text: string;
}

/** Licenses that a package under the MIT license may include. */
const ACCEPTED = new Set(['MIT', 'MIT-0', 'Apache-2.0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD']);

/**
 * The packages of bundled sources, sorted. Throws for a license that is missing or not accepted.
 * @param sources paths relative to `root`, as in esbuild's metafile
 */
export function bundledPackages(root: string, sources: readonly string[]): readonly BundledPackage[] {
  const folders = sources.flatMap((source) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(source) ?? []);
  const packages = [...new Set(folders)].map((folder) => readPackage(join(root, folder)));
  const byId = new Map(packages.map((each) => [`${each.name}@${each.version}`, each]));
  const sorted = [...byId].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([, each]) => each);
}

function readPackage(folder: string): BundledPackage {
  const manifest = Object(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  const { name, version } = manifest;
  const license = licenseOf(manifest);
  if (!ACCEPTED.has(license))
    throw new Error(
      `failed to bundle ${name}: its license ${license} is not in the list of build/packages.ts`,
    );
  return { name: String(name), version: String(version), license, text: licenseTextIn(folder) };
}

/** Old packages write an object, or a list of objects. */
function licenseOf({
  license,
  licenses,
}: {
  readonly license?: unknown;
  readonly licenses?: unknown;
}): string {
  const [first]: readonly unknown[] = Array.isArray(licenses) ? licenses : [license];
  return typeof first === 'string' ? first : String(Object(first).type);
}

function licenseTextIn(folder: string): string {
  if (!existsSync(folder)) return '';
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)(\.\w+)?$/i.test(file));
  return files
    .toSorted()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
    .join('\n\n');
}

/** The licenses of all bundled code, in one document. */
export function licensesText(packages: readonly BundledPackage[]): string {
  const parts = packages.map(
    ({ name, version, license, text }) =>
      `## ${name} ${version}\n\nLicense: ${license}\n\n${text === '' ? 'The package has no text of it.' : text}\n`,
  );
  return `# Licenses of bundled code\n\nThe files in this folder contain code of these packages.\n\n${parts.join('\n')}`;
}

/** A software bill of materials in the format CycloneDX 1.6. */
export function billOfMaterials(
  { name, version }: { readonly name: string; readonly version: string },
  packages: readonly BundledPackage[],
) {
  const root = identity({ name, version });
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', ...root } },
    components: packages.map(({ license, ...each }) => ({
      type: 'library',
      ...identity(each),
      licenses: [{ license: { id: license } }],
    })),
    dependencies: [{ ref: root['bom-ref'], dependsOn: packages.map((each) => identity(each)['bom-ref']) }],
  };
}

function identity({ name, version }: { readonly name: string; readonly version: string }) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return { name, version, purl, 'bom-ref': purl };
}
