import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a command ended. */
interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: 'AKIDLOCAL',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_REGION: 'us-east-1',
  AWS_PAGER: '',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/**
 * A shell in a separate directory, in which `aws` is the given CLI with the endpoint set: command lines stay as
 * people type them.
 */
export async function openShell(url: string, aws?: string) {
  const directory = await mkdtemp(join(tmpdir(), 'fairway-clients-'));
  if (aws !== undefined) {
    await writeFile(join(directory, 'aws'), `#!/bin/sh\nexec '${aws}' --endpoint-url '${url}' "$@"\n`);
    await chmod(join(directory, 'aws'), 0o755);
  }

  /** Never throws: a command that fails is an answer, too. Killed after `limit` milliseconds (code 124). */
  function run(line: string, limit = 90_000): Promise<Ended> {
    return new Promise((resolve) => {
      const env = {
        ...process.env,
        ...ENVIRONMENT,
        PATH: `${directory}:${process.env.PATH}`,
        HOME: directory,
        AWS_ENDPOINT_URL: url,
      };
      const options = { cwd: directory, env, timeout: limit, maxBuffer: 64 * 1024 * 1024 };
      execFile('/bin/bash', ['-c', line], options, (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : 124) : 0;
        resolve({ code, stdout, stderr });
      });
    });
  }

  return {
    directory,
    run,
    /** Answers standard output. Throws when the command fails. */
    async ok(line: string): Promise<string> {
      const { code, stdout, stderr } = await run(line);
      if (code === 0) return stdout.trim();
      throw new Error(`${line}\nended with ${code}: ${stderr}${stdout}`);
    },
    /** Answers the JSON on standard output. Throws when the command fails. */
    async json(line: string) {
      return JSON.parse((await this.ok(line)) || 'null');
    },
    /** Answers standard error. Throws when the command succeeds. */
    async fails(line: string): Promise<string> {
      const { code, stdout, stderr } = await run(line);
      if (code !== 0) return stderr.trim();
      throw new Error(`${line}\nsucceeded: ${stdout}`);
    },
    write: (name: string, content: string) => writeFile(join(directory, name), content),
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

export type Shell = Awaited<ReturnType<typeof openShell>>;
