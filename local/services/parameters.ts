import { AwsError, type JsonObject, type ServiceApi } from '../contract.ts';
import { required, text, texts, validationError } from '../ecs/read.ts';

/** SSM Parameter Store: reading and writing values. `values` and `types` are by name. */
export function parameterApi(
  values: Map<string, string>,
  types: Map<string, string>,
  arnPrefix: string,
  now: () => number,
): ServiceApi {
  function view(name: string): JsonObject {
    const Value = values.get(name);
    if (Value === undefined) throw new AwsError('ParameterNotFound', '');
    const ARN = `${arnPrefix}:parameter/${name.replace(/^\//, '')}`;
    const Type = types.get(name) ?? 'SecureString';
    return { Name: name, Type, Value, Version: 1, LastModifiedDate: now() / 1000, ARN };
  }

  return {
    service: 'ssm',
    operations: {
      GetParameter: (input) => ({ Parameter: view(required(input, 'Name', validationError)) }),
      GetParameters(input) {
        const names = texts(input, 'Names');
        return {
          Parameters: names.filter((name) => values.has(name)).map(view),
          InvalidParameters: names.filter((name) => !values.has(name)),
        };
      },
      PutParameter(input) {
        const name = required(input, 'Name', validationError);
        const type = text(input, 'Type');
        values.set(name, required(input, 'Value', validationError));
        if (type !== undefined) types.set(name, type);
        return { Version: 1 };
      },
    },
  };
}
