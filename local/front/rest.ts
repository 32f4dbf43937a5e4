import type { JsonObject } from '../contract.ts';
import type { HttpRequest } from './http.ts';
import shapes from './shapes.json' with { type: 'json' };

/** The operations of REST services. Those that are not simulated are needed for the error message. */

/** From the models: `lambda.ListFunctions` is "GET /2015-03-31/functions". */
const ROUTES = Object.entries<string>(shapes.routes).map(([name, route]) => {
  const [service = '', operation = ''] = name.split('.');
  const [method = '', path = ''] = route.split(' ');
  return { service, operation, method, template: path, path: pathPattern(path) };
});

/** `{Name}` is a segment, `{Name+}` any number of them. */
function pathPattern(path: string): RegExp {
  const pattern = path
    .split('?')[0]
    ?.replaceAll(/[.\\^$()|[\]]/g, '\\$&')
    .replaceAll(/\{[^}]*\+\}/g, '.+')
    .replaceAll(/\{[^}]*\}/g, '[^/]+')
    .replace(/\/$/, '');
  return new RegExp(`^${pattern}/?$`);
}

/** The operation's name, or its method and path if there is no model. */
export function restOperation(service: string, { method, path }: HttpRequest): string {
  const [plain = '/'] = path.split('?');
  const route = ROUTES.find(
    (each) => each.service === service && each.method === method && each.path.test(plain),
  );
  return route?.operation ?? `${method} ${plain}`;
}

/** Names in a query that differ from the member. Source: the clients' service models. */
const QUERY_MEMBERS: Readonly<Record<string, string>> = {
  ScheduleGroup: 'GroupName',
  groupName: 'GroupName',
};
/** Members of a query that are numbers. */
const NUMBERS: ReadonlySet<string> = new Set(['MaxResults']);

/** The members of the input that the path and the query have. */
export function restParameters(service: string, operation: string, { path }: HttpRequest): JsonObject {
  const [plain = '/', query = ''] = path.split('?');
  const route = ROUTES.find((each) => each.service === service && each.operation === operation);
  const segments = plain.split('/');
  const labels = (route?.template ?? '').split('/').flatMap((part, index): [string, string][] => {
    const [, member] = /^\{(\w+)\}$/.exec(part) ?? [];
    return member === undefined ? [] : [[member, decodeURIComponent(segments[index] ?? '')]];
  });
  const named = [...new URLSearchParams(query)].map(([name, value]): [string, string | number] => {
    const member = QUERY_MEMBERS[name] ?? name;
    return [member, NUMBERS.has(member) ? Number(value) : value];
  });
  return Object.fromEntries([...labels, ...named]);
}
