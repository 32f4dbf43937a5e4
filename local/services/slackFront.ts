import type { Json, JsonObject } from '../contract.ts';
import { delay } from '../front/dispatch.ts';
import type { Faults } from '../front/faults.ts';
import type { HttpRequest, HttpResponse } from '../front/http.ts';
import { parseJson } from '../json.ts';
import { objectAt } from '../stack/json.ts';
import type { createSlack } from './slack.ts';

/** Slack's Web API over HTTP: JSON or form bodies, a bearer token; faults by the method's name. */
export async function slackFront(
  slack: ReturnType<typeof createSlack>,
  faults: Faults,
  request: HttpRequest,
): Promise<HttpResponse | undefined> {
  const method = (request.path.split('?')[0] ?? '').replace(/^\/_slack\/api\//, '');
  const fault = faults.forCall(method, 'external');
  if (fault?.crash !== undefined) return undefined;
  if (fault?.latency !== undefined) await delay(fault.latency);
  if (fault?.status !== undefined) {
    const headers: Record<string, string> = fault.status === 429 ? { 'retry-after': '30' } : {};
    return { status: fault.status, headers, body: '' };
  }
  if (fault?.error !== undefined) return answer(200, { ok: false, error: fault.error });
  const token = request.headers.authorization?.replace(/^Bearer /, '');
  const parameters = readParameters(request);
  const own = parameters.token;
  const { status, body } = slack.call(
    method,
    token ?? (typeof own === 'string' ? own : undefined),
    parameters,
  );
  return answer(status, body);
}

function answer(status: number, body: Json): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function readParameters(request: HttpRequest): JsonObject {
  const text = request.body.toString();
  try {
    if (request.headers['content-type']?.startsWith('application/json'))
      return { ...objectAt(parseJson(text), 'body') };
    const form = Object.fromEntries(new URLSearchParams(text));
    return { ...form, ...(form.blocks === undefined ? {} : { blocks: parseJson(form.blocks) }) };
  } catch {
    return {};
  }
}
