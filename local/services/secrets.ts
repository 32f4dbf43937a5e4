import { needsOf } from '../../shared/announce/channels.ts';
import type { Channel } from '../../shared/domain/app.ts';
import { AwsError, type JsonObject, type ServiceApi } from '../contract.ts';
import { required, texts, validationError } from '../ecs/read.ts';

/** The value of a secret after its prefix: base64 of 33 bytes. */
const MADE_UP = Buffer.from('a secret of the local cloud alone').toString('base64');

/** SSM Parameter Store and Secrets Manager: reading and writing values. */
export function createSecrets(account: string, region: string, now: () => number) {
  const parameters = new Map<string, string>();
  const secrets = new Map<string, string>();

  function parameterView(name: string): JsonObject {
    const Value = parameters.get(name);
    if (Value === undefined) throw new AwsError('ParameterNotFound', '');
    const ARN = `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`;
    return { Name: name, Type: 'SecureString', Value, Version: 1, LastModifiedDate: now() / 1000, ARN };
  }

  const ssm: ServiceApi = {
    service: 'ssm',
    operations: {
      GetParameter: (input) => ({ Parameter: parameterView(required(input, 'Name', validationError)) }),
      GetParameters(input) {
        const names = texts(input, 'Names');
        const known = names.filter((name) => parameters.has(name));
        return {
          Parameters: known.map(parameterView),
          InvalidParameters: names.filter((name) => !parameters.has(name)),
        };
      },
      PutParameter(input) {
        parameters.set(required(input, 'Name', validationError), required(input, 'Value', validationError));
        return { Version: 1 };
      },
    },
  };

  const secretsManager: ServiceApi = {
    service: 'secretsmanager',
    operations: {
      GetSecretValue(input) {
        const Name = existing(input);
        const SecretString = secrets.get(Name) ?? '';
        return { Name, ARN: arnOf(Name), SecretString, VersionId: 'local' };
      },
      CreateSecret(input) {
        const name = required(input, 'Name');
        if (secrets.has(name)) {
          const message = `The operation failed because the secret ${name} already exists.`;
          throw new AwsError('ResourceExistsException', message);
        }
        return store(name, required(input, 'SecretString'));
      },
      PutSecretValue: (input) => store(existing(input), required(input, 'SecretString')),
    },
  };

  function existing(input: JsonObject): string {
    const name = nameOf(required(input, 'SecretId'));
    if (secrets.has(name)) return name;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  function store(Name: string, value: string): JsonObject {
    secrets.set(Name, value);
    return { Name, ARN: arnOf(Name), VersionId: 'local' };
  }

  function arnOf(name: string): string {
    return `arn:aws:secretsmanager:${region}:${account}:secret:${name}-a1b2c3`;
  }

  /** A name, or an ARN with or without its six random characters. */
  function nameOf(id: string): string {
    return id.startsWith('arn:') ? id.replace(/^.*:secret:/, '').replace(/-a1b2c3$/, '') : id;
  }

  return {
    apis: [ssm, secretsManager],
    /** The secrets of a channel, in either service. */
    provide(channel: Channel) {
      for (const need of needsOf(channel)) {
        if (need.kind !== 'secret') continue;
        const value = `${need.prefix}${MADE_UP}`;
        if ('ssm' in need.secret) parameters.set(need.secret.ssm, value);
        else secrets.set(nameOf(need.secret.secretsManager), value);
      }
    },
    secretArn: (id: string) => (secrets.has(nameOf(id)) ? arnOf(nameOf(id)) : undefined),
    keep: () => ({ parameters, secrets }),
    resume(kept: unknown) {
      const old: { parameters: typeof parameters; secrets: typeof secrets } = Object(kept);
      for (const [name, value] of old.parameters) parameters.set(name, value);
      for (const [name, value] of old.secrets) secrets.set(name, value);
    },
    reset() {
      parameters.clear();
      secrets.clear();
    },
  };
}
