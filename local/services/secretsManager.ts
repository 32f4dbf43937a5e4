import { AwsError, type JsonObject, type ServiceApi } from '../contract.ts';
import { required } from '../ecs/read.ts';

/** Secrets Manager: reading and writing values. `values` are by name. */
export function secretApi(values: Map<string, string>, arnPrefix: string): ServiceApi {
  function existing(input: JsonObject): string {
    const name = secretName(required(input, 'SecretId'));
    if (values.has(name)) return name;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  function store(Name: string, value: string): JsonObject {
    values.set(Name, value);
    return { Name, ARN: secretArn(arnPrefix, Name), VersionId: 'local' };
  }

  return {
    service: 'secretsmanager',
    operations: {
      GetSecretValue(input) {
        const Name = existing(input);
        const SecretString = values.get(Name) ?? '';
        return { Name, ARN: secretArn(arnPrefix, Name), SecretString, VersionId: 'local' };
      },
      CreateSecret(input) {
        const name = required(input, 'Name');
        if (values.has(name)) {
          const message = `The operation failed because the secret ${name} already exists.`;
          throw new AwsError('ResourceExistsException', message);
        }
        return store(name, required(input, 'SecretString'));
      },
      PutSecretValue: (input) => store(existing(input), required(input, 'SecretString')),
    },
  };
}

export function secretArn(arnPrefix: string, name: string): string {
  return `${arnPrefix}:secret:${name}-a1b2c3`;
}

/** A name, or an ARN with or without its six random characters. */
export function secretName(id: string): string {
  return id.startsWith('arn:') ? id.replace(/^.*:secret:/, '').replace(/-a1b2c3$/, '') : id;
}
