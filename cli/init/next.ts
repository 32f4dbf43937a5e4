import { ofPackage } from '../../stack/here.ts';
import { shellWord } from '../shell.ts';
import { installedIn } from './folders.ts';
import { PACKAGE } from './manifest.ts';

/** The commands that `fairway init` names, as they work in its folder. */

/** Installs what `package.json` names, too. */
const INSTALL_FRAMEWORK = 'npm install --save-dev serverless@npm:osls@4.3.1';

interface Next {
  readonly commands: readonly string[];
  /** Another way, as a sentence. */
  readonly hint?: string;
}

/** @param config what `--config` says */
export function nextIn(directory: string, config: string | undefined) {
  const isInstalled = installedIn(directory, PACKAGE) !== undefined;
  const install = isInstalled ? [] : ['npm install'];
  const after = config === undefined ? '' : ` --config ${shellWord(config)}`;
  const line = (command: string) => `${ofPackage.fairway} ${command}${after}`;
  return {
    /** Commands that need no stack. */
    withoutStack: (...commands: readonly string[]): Next => ({
      commands: [...install, ...commands.map(line)],
    }),
    /** @param first what has to be there before the stack, as it is typed */
    withStack(first: readonly string[], ...then: readonly string[]): Next {
      const needsFramework = installedIn(directory, 'serverless') === undefined;
      const instead = needsFramework && !isInstalled ? 'run "npm install" and' : 'run';
      return {
        commands: [
          ...(needsFramework ? [INSTALL_FRAMEWORK] : install),
          ...first,
          `${ofPackage.deploy}${after}`,
          ...then.map(line),
        ],
        hint: `To deploy with Terraform or CDK instead of deploy-stack, ${instead} "${line('package --out dist')}".`,
      };
    },
  };
}
