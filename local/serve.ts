import { type CloudOptions, startCloud } from './cloud.ts';
import { isRunByNpm, onParentGone } from './parent.ts';

/** Aborted by Ctrl-C, by the end of the terminal, and by the end of npm where npm runs this process. */
export function interruption(): AbortSignal {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  if (isRunByNpm(process.env)) onParentGone(interrupt);
  return interrupted.signal;
}

/** Runs the local cloud until the signal is aborted. `ready` is called once it answers. */
export async function serveCloud(
  options: CloudOptions,
  interrupted: AbortSignal,
  ready: (url: string) => void,
): Promise<void> {
  const cloud = await startCloud(options);
  ready(cloud.url);
  if (!interrupted.aborted)
    await new Promise((done) => interrupted.addEventListener('abort', done, { once: true }));
  await cloud.stop();
}
