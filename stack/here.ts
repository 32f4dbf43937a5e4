import { isCheckout, packageRoot } from './root.ts';

/** Commands as they are typed where this code is installed. */
interface Here {
  /** What precedes the name of a command. */
  readonly fairway: string;
  /** Deploys the stack. */
  readonly deploy: string;
}

/** In a folder whose package.json names the package. */
export const ofPackage: Here = {
  fairway: 'npx --no-install fairway',
  deploy: 'npx --no-install fairway deploy-stack',
};

/** `npx` alone would fetch a package of another project where this one is not installed. */
export function commandHere(): Here {
  if (isCheckout(packageRoot())) return { fairway: 'npm run fairway --', deploy: 'npm run deploy' };
  return ofPackage;
}

/**
 * A text with its commands as they are typed here: "`fairway plan`" runs only where the command is on the PATH. Texts
 * write commands in backticks.
 * @param options what the commands repeat, such as " --environment staging": options that they have stay as they are
 */
export function withCommandsHere(text: string, options: readonly string[] = []): string {
  return text.replaceAll(/`fairway (?=[a-z])([^`]*)/g, (_, rest: string) => {
    const repeated = options.filter((option) => !rest.includes(option.trim().split(' ')[0] ?? ''));
    return `\`${commandHere().fairway}${repeated.join('')} ${rest}`;
  });
}
