import { ConfigurationError, describeFault } from '../../shared/config/faults.ts';
import { compileConfiguration } from '../../shared/config/load.ts';

/** "line path: what was expected". */
function faultsIn(text: string): readonly string[] {
  try {
    compileConfiguration(text, 'fairway.yml');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.faults.map((fault) => describeFault('', fault).replace(/^:(\d+):\d+/, '$1'));
  }
}

const web = 'cluster: c, image: { repository: web-app, tags: { semver: "*" } }, services: [{ name: a }]';
const nothing =
  '1: expected a mapping with the members "version", "environment", "installation", "environments", "region", "account", "stack", "command", "diagnosis", "audit", "channels", "defaults", "infrastructure", "apps"';

describe('compileConfiguration, when the file says nothing', () => {
  it.each([
    ['is empty', ''],
    ['is only comments', '# environment: production\n'],
    ['is an empty document', '---\n'],
    ['is a list', '- environment: production\n'],
    ['is a sentence', 'environment production\n'],
    ['is not text', '\u0000\u0001\u0002'],
  ])('says what it expected if the file %s', (_, text) => {
    expect(faultsIn(text)).toEqual([nothing]);
  });
});

describe('compileConfiguration, when the file is not YAML', () => {
  it.each([
    [
      'a quotation is not closed',
      'environment: "production\napps:\n  web: {}\n',
      ['1: expected valid YAML: Missing closing "quote'],
    ],
    [
      'members are not aligned',
      'environment: p\napps:\n  web:\n    cluster: c\n   image: x\n',
      ['5: expected valid YAML: All mapping items must start at the same column'],
    ],
    [
      'a value looks like a member',
      'environment: a: b\n',
      ['1: expected valid YAML: Nested mappings are not allowed in compact mappings'],
    ],
    [
      'tabs indent several lines',
      'environment: p\napps:\n\tweb:\n\t\tcluster: c\n',
      [
        '3: expected spaces: YAML does not accept tabs for indentation',
        '4: expected spaces: YAML does not accept tabs for indentation',
      ],
    ],
    [
      'there are two documents',
      'environment: p\n---\nenvironment: q\n',
      ['2: expected one document: a second one starts here'],
    ],
    [
      'a list is used as a name',
      'environment: p\napps:\n  ? [a, b]\n  : x\n',
      ['3 apps: expected a name: a list or a mapping cannot be one'],
    ],
    [
      'a value has an unknown tag',
      `environment: !secret p\napps: { web: { ${web} } }\n`,
      ['1: expected valid YAML: Unresolved tag: !secret'],
    ],
  ])('reports it if %s', (_, text, faults) => {
    expect(faultsIn(text)).toEqual(faults);
  });

  it('accepts tabs that are not indentation', () => {
    expect(faultsIn(`environment:\tproduction\t# a\tb\napps: {\tweb: { ${web} } }\n`)).toEqual([]);
  });
});

describe('compileConfiguration, when a name is duplicated', () => {
  it.each([
    [
      'a member at the top',
      `environment: p\nenvironment: q\napps: { web: { ${web} } }\n`,
      ['2 environment: expected each name once: "environment" is already on line 1'],
    ],
    [
      'an app',
      `environment: p\napps:\n  web: { ${web} }\n  web: { ${web} }\n`,
      ['4 apps.web: expected each name once: "web" is already on line 3'],
    ],
    [
      'a member of something in a list',
      `environment: p\napps:\n  web:\n    cluster: c\n    image: { repository: web-app, tags: { semver: "*" } }\n    services:\n      - name: a\n      - name: b\n        name: c\n`,
      ['9 apps.web.services[1].name: expected each name once: "name" is already on line 8'],
    ],
  ])('shows the line of the first one: %s', (_, text, faults) => {
    expect(faultsIn(text)).toEqual(faults);
  });

  it('checks the value of the last one, which is used', () => {
    expect(faultsIn(`environment: p\napps: { web: { ${web} } }\nenvironment: 7\n`)).toEqual([
      '3 environment: expected each name once: "environment" is already on line 1',
      '3 environment: expected a short name of lowercase letters, digits and -, such as "production", at most 23 characters',
    ]);
  });
});

describe('compileConfiguration, when the file has anchors', () => {
  const shared = `environment: p
apps:
  web:
    cluster: c
    image: &image { repository: web-app, tags: { semver: "*" } }
    services: [{ name: a }]
  api:
    cluster: c
    image: *image
    services: [{ name: b }]
`;

  it('resolves aliases', () => {
    const { apps } = compileConfiguration(shared, 'fairway.yml');
    expect(apps[1]?.image).toEqual(apps[0]?.image);
  });

  it('points at the anchor for a fault in it, once for each alias', () => {
    expect(faultsIn(shared.replace('repository: web-app', 'repository: a//b'))).toEqual(
      ['web', 'api'].map(
        (app) =>
          `5 apps.${app}.image.repository: expected the name of an ECR repository, such as "team/app", or its URI in another account or region, such as "210987654321.dkr.ecr.eu-west-1.amazonaws.com/team/app" (no tag)`,
      ),
    );
  });

  it.each([
    [
      'has no anchor, and suggests the nearest',
      shared.replace('*image', '*imgae'),
      [
        '9 apps.api.image: expected quotes around a value that starts with "*", such as "*imgae", or an anchor "&imgae" above this alias; did you mean "*image"?',
      ],
    ],
    [
      'is above its anchor',
      'environment: *name\nchannels: &name {}\n',
      [
        '1 environment: expected quotes around a value that starts with "*", such as "*name", or an anchor "&name" above this alias',
      ],
    ],
  ])('reports an alias that %s', (_, text, faults) => {
    expect(faultsIn(text)).toEqual(faults);
  });

  it('refuses merge keys, which YAML 1.2 does not have, and says what to use', () => {
    expect(faultsIn(shared.replace('    image: *image', '    image:\n      <<: *image'))).toContain(
      '10 apps.api.image["<<"]: expected no merge key, YAML 1.2 has none: write what apps share into "defaults"',
    );
  });

  it('refuses aliases that expand without limit', () => {
    const rows = ['a', 'b', 'c', 'd', 'e', 'f'].map((name, index, names) => {
      const inner = index === 0 ? 'x' : `*${names[index - 1]}`;
      return `${name}: &${name} [${Array.from({ length: 9 }, () => inner).join(', ')}]`;
    });
    expect(faultsIn(rows.join('\n'))).toEqual([
      '1: expected fewer aliases: expanded, these are too large to read',
    ]);
  });

  it('does not loop on an alias inside its own anchor', () => {
    expect(faultsIn('environment: p\napps: &apps\n  web: *apps\n')).toContainEqual(
      expect.stringMatching(/^3 apps\.web\.web: unknown member/),
    );
  });
});
