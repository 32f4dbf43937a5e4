import http from 'node:http';
import type { Cloud } from '../../../local/cloud.ts';
import { FUNCTION, startWorld } from '../../models/world.ts';

const JSON_TYPE = { 'content-type': 'application/x-amz-json-1.1' };
const LIST = { ...JSON_TYPE, 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters' };
const LOGIN = { authorization: `Basic ${Buffer.from('AWS:local').toString('base64')}` };

interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

describe('who may call the local cloud', () => {
  let cloud: Cloud;
  let port = '';
  beforeAll(async () => {
    cloud = await startWorld();
    port = new URL(cloud.url).port;
  });
  afterAll(() => cloud.stop());

  /** fetch would not let a caller choose its Host. */
  function ask({ method = 'POST', path = '/', headers = {}, body = '{}' }: Ask) {
    const asked = Object.entries(headers).map(([name, value]) => [name, value.replaceAll('PORT', port)]);
    return new Promise<{ status: number; body: string }>((resolve, reject) => {
      const request = http.request(
        { host: '127.0.0.1', port, method, path, headers: Object.fromEntries(asked) },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
        },
      );
      request.on('error', reject);
      request.end(method === 'GET' ? undefined : body);
    });
  }

  const ENDPOINTS: readonly [string, Ask][] = [
    ['the AWS endpoint', { headers: LIST }],
    ['the control endpoint', { path: '/_local/clock', body: '{"speed": "max"}' }],
    ['the registry', { method: 'GET', path: '/v2/', headers: LOGIN }],
  ];

  describe.each(ENDPOINTS)('%s', (_, endpoint) => {
    const as = (headers: Readonly<Record<string, string>>) =>
      ask({ ...endpoint, headers: { ...endpoint.headers, ...headers } });

    it.each([
      'localhost:PORT',
      'LOCALHOST:PORT',
      'localhost',
      '127.0.0.1:PORT',
      '127.0.0.2:PORT',
      '[::1]:PORT',
      '123456789012.dkr.ecr.us-east-1.localhost:PORT',
    ])('answers for the loopback name %s', async (host) => {
      expect((await as({ host })).status).toBe(200);
    });

    it.each([
      'evil.example',
      'evil.example:PORT',
      'localhost.evil.example:PORT',
      '127.0.0.1.evil.example:PORT',
      '127.0.0.1@evil.example:PORT',
      'notlocalhost:PORT',
      '10.0.0.1:PORT',
      '[2001:db8::1]:PORT',
    ])('refuses the name %s: DNS may have been rebound', async (host) => {
      const { status, body } = await as({ host });
      expect(status).toBe(403);
      expect(body).toContain('loopback');
    });

    it.each(['http://127.0.0.1:PORT', 'http://localhost:PORT', 'http://[::1]:PORT'])(
      'answers to its own origin %s',
      async (origin) => {
        expect((await as({ origin })).status).toBe(200);
      },
    );

    it.each([
      'https://evil.example',
      'null',
      'http://localhost:1',
      'http://localhost',
      'http://evil.example:PORT',
    ])('refuses the origin %s', async (origin) => {
      const { status, body } = await as({ origin });
      expect(status).toBe(403);
      expect(body).toContain('Origin');
    });

    it.each(['cross-site', 'same-site'])(
      'refuses what a browser calls %s, without an origin too',
      async (site) => {
        expect((await as({ 'sec-fetch-site': site })).status).toBe(403);
      },
    );
  });

  it('changes nothing for a refused request', async () => {
    const before = (await ask({ method: 'GET', path: '/_local/calls' })).body;
    const origin = 'https://evil.example';
    await ask({ path: '/_local/push', headers: { origin }, body: '{"repository": "web-app"}' });
    await ask({ headers: { ...LIST, origin } });
    expect((await ask({ method: 'GET', path: '/_local/calls' })).body).toBe(before);
  });

  it.each([
    ['an operation', '/?Action=ListTopics&Version=2010-03-31'],
    ['a function', `/2015-03-31/functions/${FUNCTION}/invocations`],
  ])('refuses GET for %s, which an image on a page could send', async (_, path) => {
    const { status } = await ask({ method: 'GET', path });
    expect(status).toBeGreaterThanOrEqual(400);
    expect((await ask({ method: 'GET', path: '/_local/invocations' })).body).toBe('[]\n');
  });
});
