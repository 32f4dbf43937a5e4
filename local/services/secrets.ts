import { needsOf } from '../../shared/announce/channels.ts';
import type { Channel } from '../../shared/domain/app.ts';
import { parameterApi } from './parameters.ts';
import { secretApi, secretArn, secretName } from './secretsManager.ts';

/** The value of a secret after its prefix: base64 of 33 bytes. */
const GENERATED = Buffer.from('a secret of the local cloud alone').toString('base64');

/** SSM Parameter Store and Secrets Manager: reading and writing values. */
export function createSecrets(account: string, region: string, now: () => number) {
  const parameters = new Map<string, string>();
  /** Of parameters: SecureString where none is known. */
  const types = new Map<string, string>();
  const secrets = new Map<string, string>();

  const arnPrefix = `arn:aws:secretsmanager:${region}:${account}`;

  return {
    apis: [
      parameterApi(parameters, types, `arn:aws:ssm:${region}:${account}`, now),
      secretApi(secrets, arnPrefix),
    ],
    /** The secrets of a channel, in either service. */
    provide(channel: Channel) {
      for (const need of needsOf(channel)) {
        if (need.kind !== 'secret') continue;
        const value = `${need.prefix}${GENERATED}`;
        if ('ssm' in need.secret) parameters.set(need.secret.ssm, value);
        else secrets.set(secretName(need.secret.secretsManager), value);
      }
    },
    secretArn(id: string): string | undefined {
      const name = secretName(id);
      return secrets.has(name) ? secretArn(arnPrefix, name) : undefined;
    },
    keep: () => ({ parameters, types, secrets }),
    resume(kept: unknown) {
      const old: {
        parameters: typeof parameters;
        types?: typeof types;
        secrets: typeof secrets;
      } = Object(kept);
      for (const [name, value] of old.parameters) parameters.set(name, value);
      for (const [name, value] of old.types ?? []) types.set(name, value);
      for (const [name, value] of old.secrets) secrets.set(name, value);
    },
    reset() {
      parameters.clear();
      types.clear();
      secrets.clear();
    },
  };
}
