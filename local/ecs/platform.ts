import type { JsonObject } from '../contract.ts';
import { object, text } from './read.ts';

/** What a task needs of an image. Undefined: the instance decides, and there is one of every kind. */
export interface Platform {
  readonly os: string | undefined;
  readonly architecture: string | undefined;
}

/** What Fargate runs where the definition does not say. AWS API: RuntimePlatform. */
const OF_FARGATE = { os: 'linux', architecture: 'amd64' } as const;

/** What a task of this definition needs, launched there: only Fargate has defaults. */
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

/** As the errors of the agent name it. */
export function platformName({ os, architecture }: Platform): string {
  return `${os ?? OF_FARGATE.os}/${architecture ?? OF_FARGATE.architecture}`;
}
