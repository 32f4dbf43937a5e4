import { ofPackage } from '../../stack/here.ts';
import { shellWord } from '../shell.ts';
import { installedIn } from './folders.ts';
import { PACKAGE } from './manifest.ts';

/** The commands that `fairway init` names, as they work in its folder. */

/** Installs what `package.json` names, too. */
const INSTALL_FRAMEWORK = 'npm install --save-dev serverless@npm:osls@4.3.1';

interface Next {
  /** At most two. */
  readonly commands: readonly string[];
  /** What follows them, or another way, as sentences. */
  readonly hint?: string;
}

/** @param config what `--config` says */
export function nextIn(directory: string, config: string | undefined) {
  const isInstalled = installedIn(directory, PACKAGE) !== undefined;
  const install = isInstalled ? '' : 'npm install && ';
  const after = config === undefined ? '' : ` --config ${shellWord(config)}`;
  const line = (command: string) => `${ofPackage.fairway} ${command}${after}`;
  return {
    /** Commands that need no stack. */
    withoutStack: (first: string, ...others: readonly string[]): Next => ({
      commands: [`${install}${line(first)}`, ...others.map(line)],
    }),
    /** @param first what has to be there before the stack, as it is typed */
    withStack(first: readonly string[], then: string): Next {
      const needsFramework = installedIn(directory, 'serverless') === undefined;
      const deploy = `${needsFramework ? `${INSTALL_FRAMEWORK} && ` : install}${ofPackage.deploy}${after}`;
      const all = [...first, deploy, line(then)];
      const instead = needsFramework && !isInstalled ? 'run "npm install" and' : 'run';
      return {
        commands: all.slice(0, 2),
        hint: [
          ...all.slice(2).map((command) => `Then run "${command}".`),
          `To deploy with Terraform or CDK instead of deploy-stack, ${instead} "${line('package --out dist')}".`,
        ].join(' '),
      };
    },
  };
}
