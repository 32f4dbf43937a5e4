import { ECRClient } from '@aws-sdk/client-ecr';
import type { NamedRepository } from '../../shared/domain/registry.ts';
import type { Connection } from '../connection.ts';

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
