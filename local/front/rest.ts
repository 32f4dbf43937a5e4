import type { HttpRequest } from './http.ts';
import shapes from './shapes.json' with { type: 'json' };

/** The operations of REST services. Only Invoke is simulated; others are needed for the error message. */

/** From the models: `lambda.ListFunctions` is "GET /2015-03-31/functions". */
const ROUTES = Object.entries<string>(shapes.routes).map(([name, route]) => {
  const [service = '', operation = ''] = name.split('.');
  const [method = '', path = ''] = route.split(' ');
  return { service, operation, method, path: pathPattern(path) };
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
