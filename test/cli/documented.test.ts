import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '../../cli/arguments.ts';
import { commands } from '../../cli/registry.ts';
import { documentedCode, fairwayLines, ROOT, wordsOf } from '../documentedCommands.ts';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const { scripts } = JSON.parse(read('package.json'));

/** Which test runs a command, by its beginning: `[file, text of the file that runs it]`. */
const RUN_BY: Readonly<Record<string, readonly [file: string, text: string]>> = {
  '.ci/install-clients': ['.ci/run', '.ci/install-clients'],
  '.ci/run': ['.github/workflows/check.yml', '.ci/run'],
  'aws ecr get-login-password': ['test/clients/awsCli.clients.ts', 'get-login-password'],
  'aws ecs describe-services': ['test/clients/awsCli.clients.ts', 'describe-services'],
  'aws ecs update-service': ['test/clients/awsCli.clients.ts', 'update-service'],
  'aws logs tail': ['test/clients/awsCli.clients.ts', 'aws logs tail /ecs/web-app --since 1h --follow'],
  'npm ci': ['.ci/run', 'npm ci'],
  'npm install --save-dev fairway-ecs': ['test/package/installed.ts', "'--save-dev', archive"],
  'npm install --save-dev serverless': [
    'test/cli/package/deploy.test.ts',
    'npm install --save-dev serverless@',
  ],
  'npx --no-install fairway': ['test/package/installed.ts', "'.bin', 'fairway'"],
  'npx fairway-ecs init': ['test/package/installed.system.ts', "'init', '--example'"],
  'npm pack': ['test/packaged/tarball.ts', "'npm', ['pack'"],
  'npm run build': ['test/cli/clones.ts', 'cli/build.mjs'],
  'npm run check': ['.ci/run', 'npm run --silent types'],
  'npm run deploy': ['test/stack/serverless.system.ts', "['deploy']"],
  'npm run docs': ['test/config/documentation.test.ts', 'documents()'],
  'npm run fairway': ['test/system/documented.system.ts', 'fairwayLines'],
  'npm run local': ['test/local/main.system.ts', "'local/main.ts'"],
  'npm start': ['.ci/run', 'npm start --silent -- --exit'],
  'npm test': ['.ci/run', "'npm test' npm test"],
  'npx --no-install serverless invoke local': ['test/system/invokeLocal.system.ts', "'invoke', 'local'"],
  'serverless deploy': ['test/stack/serverless.system.ts', "['deploy']"],
  'serverless package': ['.ci/run', 'npm run --silent package'],
  'WRITE_EXAMPLES=1 npx --no-install jest test/announce/documentation': ['package.json', '"test": "jest"'],
  'WRITE_EXAMPLES=1 npx --no-install jest test/brokenRules': ['package.json', '"test": "jest"'],
};

/** Commands that no test runs, and why. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'aws application-autoscaling': 'a fix of the audit, for the account that it was found in',
  'aws ecr describe-image-scan-findings': 'a fix of the audit, for the account that it was found in',
  'aws ecr put-': 'a fix of the audit, for the account that it was found in',
  'aws elbv2': 'a fix of the audit, for the account that it was found in',
  'aws iam': 'a fix of the audit, for the account that it was found in',
  'aws logs put-retention-policy': 'a fix of the audit, for the account that it was found in',
  'aws apprunner': 'needs an account with an App Runner service',
  'aws cloudformation deploy': 'needs an account; test/clients/stack checks the template with cfn-lint',
  'aws cloudtrail': 'needs an account with a trail',
  'aws sns subscribe': 'needs an account: the local cloud has no SNS subscriptions',
  'aws ssm put-parameter': 'needs an account: the local cloud answers GetParameter only',
  'docker push': 'needs Docker; test/clients/registry pushes with skopeo',
  'git push': 'publishes a version',
  'git tag': 'publishes a version',
  'npm link': 'changes the global folder of npm',
  'npm run bench:': 'measures; its figures are in docs/measurements.md',
  'npm run format': 'changes the sources; npm run lint, which .ci/run runs, checks the same',
  'npm run remove': 'needs an account with a stack',
  'npm run shapes': 'changes the sources; test/models checks what it wrote',
  'npm version': 'changes the version',
  'npx fairway': 'named as what not to run: another package has that name',
};

const TOOLS = /^(?:[A-Z_]+=\S+ )*(?:npm|npx|serverless|aws|docker|git|\.ci\/[a-z-]+)(?: |$)/;
const others = [
  ...new Set(
    documentedCode.map(({ line }) => line).filter((line) => TOOLS.test(line) && / |^\.ci/.test(line)),
  ),
];

/** `npm run NAME` that `.ci/run` runs. */
function isRunByCi(line: string): boolean {
  const [, name] = /^npm run ([a-z:]+)/.exec(line) ?? [];
  return name !== undefined && new RegExp(`npm run --silent ${name}(?![\\w:])`).test(read('.ci/run'));
}

/** A line without the variables before it, unless the table has it with them. */
function within(line: string, table: Readonly<Record<string, unknown>>): string | undefined {
  const bare = line.replace(/^(?:[A-Z_]+=\S+ )+/, '');
  const starts = (text: string, start: string) =>
    text.startsWith(start) && (/\W$/.test(start) || !/^[\w-]/.test(text.slice(start.length)));
  return Object.keys(table).find((start) => starts(line, start) || starts(bare, start));
}

describe('the commands in README and docs', () => {
  it('are found', () => {
    expect(fairwayLines.length).toBeGreaterThan(40);
    expect(others.length).toBeGreaterThan(40);
  });

  it.each(fairwayLines.map(({ page, line }) => [page, line]))(
    '%s: fairway %s is one that the CLI understands',
    (_, line) => {
      // "vN" stands for the number of a release.
      const argv = wordsOf(line.replace(/\bvN\b/, 'v1'));
      // A name alone only mentions its command.
      if (argv.length === 1) expect(Object.keys(commands)).toContain(argv[0]);
      else expect(() => parse(argv, commands)).not.toThrow();
    },
  );

  it('are each a step of the test that runs them', () => {
    const steps = read('test/system/documented.system.ts');
    // A name alone may only mention its command.
    const lines = fairwayLines.filter(({ line }) => !/^(deploy|resume|run|why|show)$/.test(line));
    expect(lines.filter(({ line }) => !steps.includes(`line: '${line}'`))).toEqual([]);
  });

  it('never fetch a package of the same name', () => {
    const fetching = documentedCode.filter(({ line }) => /^npx (?!--no-install |-- )/.test(line));
    expect(
      fetching
        .map(({ line }) => line)
        .filter((line) => !['npx fairway', 'npx fairway-ecs init'].includes(line)),
    ).toEqual([]);
  });

  it('that npm runs are scripts of package.json', () => {
    const names = documentedCode.flatMap(({ line }) =>
      [...line.replace(/ -- .*/, '').matchAll(/\bnpm run ([a-z:]+)/g)].map(([, name]) => name),
    );
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => name !== undefined && !(name in scripts))).toEqual([]);
  });

  it.each(others)('are each run by a test, or listed with the reason: %s', (line) => {
    const ways = [isRunByCi(line), within(line, RUN_BY), within(line, NOT_RUN)].filter(Boolean);
    expect(ways).toHaveLength(1);
  });

  it.each(Object.entries(RUN_BY))('%s is run where the list says', (command, [file, text]) => {
    expect(others.some((line) => within(line, { [command]: true }))).toBe(true);
    expect(existsSync(join(ROOT, file))).toBe(true);
    expect(read(file)).toContain(text);
  });

  it('are, but for the few that are listed, still in the docs', () => {
    const gone = Object.keys(NOT_RUN).filter(
      (start) => !others.some((line) => within(line, { [start]: true })),
    );
    expect(gone).toEqual([]);
    expect(Object.keys(NOT_RUN)).toHaveLength(21);
  });
});
