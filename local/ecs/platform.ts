import type { JsonObject } from '../contract.ts';
import { object, text } from './read.ts';

/** The platform that a task requires. Undefined if it depends on the instance: all kinds exist. */
interface Platform {
  readonly os: string | undefined;
  readonly architecture: string | undefined;
}

/** Fargate's default platform. AWS API: RuntimePlatform. */
const OF_FARGATE = { os: 'linux', architecture: 'amd64' } as const;

/** The platform that a task of this definition requires on a launch type: only Fargate has defaults. */
export function platformOf(document: JsonObject, launchType: string): Platform {
  const platform = object(document, 'runtimePlatform') ?? {};
  const family = text(platform, 'operatingSystemFamily');
  const cpu = text(platform, 'cpuArchitecture');
  const usual = launchType === 'FARGATE' ? OF_FARGATE : undefined;
  return {
    os: family === undefined ? usual?.os : family.startsWith('WINDOWS') ? 'windows' : 'linux',
    architecture: cpu === undefined ? usual?.architecture : cpu === 'ARM64' ? 'arm64' : 'amd64',
  };
}

/** Whether an image's platform ("linux/arm64/v8") is one that the task can run. */
export function runsOn({ os, architecture }: Platform, image: string): boolean {
  const [imageOs, imageArchitecture] = image.split('/');
  return (
    (os === undefined || os === imageOs) && (architecture === undefined || architecture === imageArchitecture)
  );
}

/** As in the errors of the agent. */
export function platformName({ os, architecture }: Platform): string {
  return `${os ?? OF_FARGATE.os}/${architecture ?? OF_FARGATE.architecture}`;
}
