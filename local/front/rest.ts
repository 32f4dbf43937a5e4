import type { HttpRequest } from './protocol.ts';
import shapes from './shapes.json' with { type: 'json' };

/** What services that speak by paths are asked for. Only Invoke is simulated; the others have to be named. */

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

/** The operation's name, or its method and path where no model is known. */
export function restOperation(service: string, { method, path }: HttpRequest): string {
  const [plain = '/'] = path.split('?');
  const route = ROUTES.find(
    (each) => each.service === service && each.method === method && each.path.test(plain),
  );
  return route?.operation ?? `${method} ${plain}`;
}
