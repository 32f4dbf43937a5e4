/** How often the parent is looked for, in milliseconds. */
const LOOK = 500;

/**
 * Calls once the process that started this one is gone. `npm run` hands a signal to its shell, and a shell that ends
 * hands it to no one: without this the local cloud would run on, with its port taken.
 */
export function onParentGone(run: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    run();
  }, LOOK);
  timer.unref();
}

/** Whether npm started it: npm can end without ending its child, while other parents end it on their own. */
export function isRunByNpm(env: NodeJS.ProcessEnv): boolean {
  return env.npm_lifecycle_event === 'local';
}
