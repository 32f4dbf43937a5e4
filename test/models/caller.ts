import type { Cloud } from '../../local/cloud.ts';
import { isDisagreement } from './disagreements.ts';
import { COMMON_ERRORS, type OperationModel } from './model.ts';
import { modelOf } from './services.ts';
import { faultsOf } from './validate.ts';
import { errorOf, outputOf, requestFor } from './wire.ts';

type Input = Readonly<Record<string, unknown>>;
/** A parsed answer, of which a case picks what it needs next. */
type Output = ReturnType<typeof JSON.parse>;

/** Calls the local cloud and checks every answer against the model. */
export interface Caller {
  /** A call that succeeds. */
  call(operation: string, input?: Input): Promise<Output>;
  /** A call that is refused with this error. */
  refused(operation: string, input: Input, error: string): Promise<void>;
  /** A control request. */
  control(path: string, body: object): Promise<void>;
  /** Calls of another service, for what a case needs to be there. */
  beside(service: string): Caller;
  readonly called: ReadonlySet<string>;
  readonly faults: readonly string[];
}

export function createCaller(cloud: Cloud, service: string): Caller {
  const model = modelOf(service);
  const called = new Set<string>();
  const faults: string[] = [];

  async function send(operation: string, input: Input) {
    const shapes = model.operation(operation);
    // An input that is not the model's own would prove nothing.
    faults.push(...faultsOf(input, shapes.input, `${operation} request`));
    const response = await cloud.answer(requestFor(service, model, operation, input));
    if (!response) throw new Error(`${operation} was never answered`);
    return { response, shapes };
  }

  function checkError(operation: string, shapes: OperationModel, name: string, status: number): void {
    if (!shapes.errors.has(name) && !COMMON_ERRORS.has(name))
      faults.push(
        `${operation}: ${name} is none of its errors (${[...shapes.errors.keys()].join(', ')}) and not a common one`,
      );
    const modelled = shapes.errors.get(name);
    if (modelled !== undefined && modelled !== status && typeof model.protocol !== 'string')
      faults.push(`${operation}: ${name} has status ${modelled}, answered with ${status}`);
    if (typeof model.protocol === 'string' && status !== 400)
      faults.push(`${operation}: ${name} of a JSON protocol answered with ${status}`);
  }

  return {
    called,
    faults,
    beside: (other) => createCaller(cloud, other),
    async call(operation, input = {}) {
      const { response, shapes } = await send(operation, input);
      called.add(operation);
      if (response.status >= 300)
        throw new Error(`${operation}: ${response.status} ${String(response.body)}`);
      const output = outputOf(model, operation, shapes.output, response);
      faults.push(...faultsOf(output, shapes.output, operation).filter((fault) => !isDisagreement(fault)));
      return output;
    },
    async refused(operation, input, error) {
      const { response, shapes } = await send(operation, input);
      if (response.status < 400) throw new Error(`${operation} was not refused: ${String(response.body)}`);
      const { name, status } = errorOf(response);
      if (name !== error) faults.push(`${operation}: expected ${error}, found ${name}`);
      checkError(operation, shapes, name, status);
    },
    async control(path, body) {
      const request = {
        method: 'POST',
        path: `/_local/${path}`,
        headers: {},
        body: Buffer.from(JSON.stringify(body)),
      };
      const response = await cloud.answer(request);
      if (response?.status !== 200) throw new Error(`${path}: ${String(response?.body)}`);
    },
  };
}
