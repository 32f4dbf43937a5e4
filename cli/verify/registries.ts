import { ECRClient } from '@aws-sdk/client-ecr';
import type { Configuration } from '../../shared/domain/app.ts';
import { memberOf } from '../../shared/domain/member.ts';
import { describeRepository, type NamedRepository, repositoryKey } from '../../shared/domain/registry.ts';
import type { Connection } from '../connection.ts';
import type { Found } from './found.ts';

/** Clients of ECR, one for each region that a configuration names. */
export interface Registries {
  of(repository: NamedRepository): ECRClient;
  close(): void;
}

const timeouts = { connectionTimeout: 5_000, requestTimeout: 30_000 };

export function createRegistries({ settings }: Pick<Connection, 'settings'>): Registries {
  const clients = new Map<string | undefined, ECRClient>();
  return {
    of({ registry }) {
      const region = registry?.region;
      const place = region === undefined ? {} : { region };
      const client =
        clients.get(region) ?? new ECRClient({ ...settings, ...place, requestHandler: timeouts });
      clients.set(region, client);
      return client;
    },
    close() {
      for (const client of clients.values()) client.destroy();
    },
  };
}

/** How calls of ECR name a repository. */
export function named({ repository, registry }: NamedRepository) {
  return { repositoryName: repository, ...(registry && { registryId: registry.account }) };
}

/**
 * Repositories in other registries that these credentials cannot list. The policy of a repository allows Fairway's
 * roles, usually not people, so this is only a warning.
 */
export function registryWarnings({ apps }: Configuration, { unreadable = {} }: Found): readonly string[] {
  return apps.flatMap(({ name, image }) => {
    const why = memberOf(unreadable, repositoryKey(image));
    if (why === undefined) return [];
    return `apps.${name}.image.repository: ${describeRepository(image)} cannot be checked with these credentials (${why}); \`fairway forwarding\` shows what Fairway needs there, and \`fairway status ${name}\` shows whether it can list the images`;
  });
}
