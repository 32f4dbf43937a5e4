import type { HttpResponse } from '../../local/front/http.ts';
import { isDisagreement } from '../models/disagreements.ts';
import { COMMON_ERRORS } from '../models/model.ts';
import { modelOf } from '../models/services.ts';
import { faultsOf, isObject } from '../models/validate.ts';
import { errorOf, outputOf } from '../models/wire.ts';
import type { Shot } from './shot.ts';

/** What is wrong with the answer to a shot; undefined when nothing is. `undefined` for an answer: none came. */
export function violationOf(shot: Shot, response: HttpResponse | undefined): string | undefined {
  if (!response) return 'no answer came';
  const body = Buffer.from(response.body).toString();
  const said = `${response.status} ${body.slice(0, 400)}`;
  if (body.includes('The local cloud failed') || body.includes('InternalFailure'))
    return `it failed: ${said}`;
  if (response.status >= 500) return `nothing was on order: ${said}`;
  if (response.status < 200) return `no final answer: ${said}`;
  try {
    if (response.status >= 400) return errorViolation(shot, response, body);
    if (shot.refused) return `it succeeded: ${said}`;
    return successViolation(shot, response);
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}: ${said}`;
  }
}

function errorViolation(shot: Shot, response: HttpResponse, body: string): string | undefined {
  const { path, method } = shot.request;
  // Node's own refusal of what is not HTTP.
  if (body === '' && response.headers.connection === 'close') return undefined;
  if (method === 'HEAD' || path.startsWith('/_registry/')) return undefined;
  if (path.startsWith('/_local/')) return isObject(JSON.parse(body)) ? undefined : 'not a JSON object';
  if (path.startsWith('/v2'))
    return 'errors' in Object(JSON.parse(body)) ? undefined : 'no errors of a registry';
  const { name, message } = errorOf(response);
  if (message === '' && name !== 'ParameterNotFound') return `${name} says nothing`;
  if (!shot.target) return undefined;
  const { service, operation } = shot.target;
  if (COMMON_ERRORS.has(name) || modelOf(service).operation(operation).errors.has(name)) return undefined;
  return `${name} is no error of ${operation}, nor a common one`;
}

/** Members of a task definition that no model knows are kept as they came, also within its structures. */
const KEPT = /^\w+\.taskDefinition\.[\s\S]*: \w+ has no such member$/;

function successViolation(shot: Shot, response: HttpResponse): string | undefined {
  if (!shot.target) return undefined;
  const { service, operation } = shot.target;
  const model = modelOf(service);
  const { output } = model.operation(operation);
  const faults = faultsOf(outputOf(model, operation, output, response), output, operation);
  // Values of enumerations are not checked on the way in: AWS may know newer ones than the model.
  const counts = (fault: string) =>
    !isDisagreement(fault) && !fault.includes(': expected one of ') && !KEPT.test(fault);
  return faults.find(counts);
}
