import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the Serverless Framework prints below every error. */
const endOfError = /^Environment: .*osls/m;
const longest = 90_000;

/**
 * Runs `serverless package` as for AWS, without any credentials in its environment.
 * Throws with the end of its output when it fails, and when it takes longer than 90 s.
 */
export async function packageStack(root: string, signal: AbortSignal, configFile?: string): Promise<void> {
  const program = join(root, 'node_modules', 'serverless', 'bin', 'serverless.js');
  if (!existsSync(program))
    throw new Error('failed to package: serverless is not installed, run "npm ci" first');
  const { code, output, pid } = await runToEnd(program, root, signal, configFile);
  await removeLeftovers(pid);
  signal.throwIfAborted();
  if (code === 0) return;
  const how = code === null ? 'had to be ended' : `ended with ${code}`;
  throw new Error(`failed to package: "serverless package" ${how}\n${gist(output)}`);
}

/** serverless-esbuild leaves a directory per function in the temporary directory: NAME-PID-TIME-RANDOM. */
async function removeLeftovers(pid: number | undefined): Promise<void> {
  const pattern = new RegExp(`^[a-z-]+-${pid}-\\d{13}-[\\da-f]{8}$`);
  const left = (await readdir(tmpdir())).filter((name) => pattern.test(name));
  await Promise.all(left.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true })));
}

/** The error's own part of the output, without stack traces: at most its last 20 lines. */
export function gist(output: string): string {
  const lines = output.split('\n').filter((line) => !/^\s+at /.test(line));
  return lines.join('\n').trim().split('\n').slice(-20).join('\n');
}

function runToEnd(program: string, root: string, signal: AbortSignal, configFile: string | undefined) {
  return new Promise<{ code: number | null; output: string; pid: number | undefined }>((resolve, reject) => {
    let output = '';
    let patience: NodeJS.Timeout | undefined;
    const child = spawn(process.execPath, [program, 'package'], {
      cwd: root,
      env: {
        ...withoutCredentials(process.env),
        ...(configFile === undefined ? {} : { FAIRWAY_CONFIG: configFile }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const end = () => child.kill('SIGKILL');
    const limit = setTimeout(end, longest);
    const hear = (chunk: Buffer) => {
      output += String(chunk);
      // After a failed build its esbuild service keeps it alive for good: it has nothing more to say by then.
      if (endOfError.test(output)) patience ??= setTimeout(end, 1_000);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    child.once('error', reject);
    // Not "close": what it leaves behind may hold its output open.
    child.once('exit', (code) => {
      clearTimeout(limit);
      clearTimeout(patience);
      signal.removeEventListener('abort', end);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ code, output, pid: child.pid });
    });
  });
}

/** The tour must not depend on, or touch, anyone's AWS account. */
export function withoutCredentials(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('AWS_'));
  // Without this the SDK would ask the network for an instance's credentials, and wait.
  return { ...Object.fromEntries(kept), AWS_EC2_METADATA_DISABLED: 'true', SLS_TELEMETRY_DISABLED: '1' };
}
