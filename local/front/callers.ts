import type { HttpRequest, HttpResponse } from './http.ts';

/**
 * Refuses requests from web pages. A page in a browser on this machine must not reach the local cloud: neither from its
 * own origin, nor through a domain name that resolves to loopback.
 */

/** Why a request is refused, if it is. A request without these headers does not come from a browser. */
export function refusedCaller({ headers, path }: HttpRequest): HttpResponse | undefined {
  const why =
    foreignHost(headers.host) ?? foreignOrigin(headers.origin, headers.host) ?? foreignSite(headers);
  if (why === undefined) return undefined;
  const body = path.startsWith('/_local/')
    ? { error: why }
    : { __type: 'AccessDeniedException', message: why };
  return { status: 403, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(body)}\n` };
}

function foreignHost(host: string | undefined): string | undefined {
  if (host === undefined || isLoopback(hostOf(host)?.hostname)) return undefined;
  return `The Host ${host} is not a loopback name: use 127.0.0.1, localhost or [::1]`;
}

/** The local cloud's own origin has its port, under any loopback name. */
function foreignOrigin(origin: string | undefined, host: string | undefined): string | undefined {
  if (origin === undefined) return undefined;
  const own = URL.canParse(origin) ? new URL(origin) : undefined;
  const port = host === undefined ? undefined : hostOf(host)?.port;
  if (own && isLoopback(own.hostname) && own.port === port) return undefined;
  return `Requests with the Origin ${origin} are refused: pages in a browser cannot use the local cloud`;
}

/** Requests for images and scripts have this header instead of an origin. Source: W3C, Fetch Metadata Request Headers. */
function foreignSite(headers: HttpRequest['headers']): string | undefined {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'none' || site === 'same-origin') return undefined;
  return `Requests with Sec-Fetch-Site ${site} are refused: pages in a browser cannot use the local cloud`;
}

/** Parses a Host header, with IP addresses in their usual notation. */
function hostOf(host: string): { readonly hostname: string; readonly port: string } | undefined {
  const text = `http://${host}`;
  return /^[^@/\\?#\s]+$/.test(host) && URL.canParse(text) ? new URL(text) : undefined;
}

/** Names below "localhost" never leave the machine. Source: RFC 6761, 6.3. */
export function isLoopback(hostname: string | undefined): boolean {
  if (hostname === undefined) return false;
  return /^(?:(?:.+\.)?localhost\.?|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
