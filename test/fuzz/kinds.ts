import type { HttpRequest } from '../../local/front/http.ts';
import { restOperation } from '../../local/front/rest.ts';
import { modelOf } from '../models/services.ts';
import { isObject } from '../models/validate.ts';
import { requestFor } from '../models/wire.ts';
import type { Dice } from '../simulation/dice.ts';
import { controlRequest } from './control.ts';
import type { Shot, Target } from './shot.ts';
import { anything, oddText, valueFor } from './values.ts';

type Make = (dice: Dice, target: Target) => Omit<Shot, 'kind'>;

/** Each kind of request with how often it comes. */
const KINDS: readonly (readonly [string, number, Make])[] = [
  ['valid by the model', 40, valid],
  ['wrong types', 15, wrongTypes],
  ['missing members', 8, missing],
  ['bad JSON', 6, badJson],
  ['deep or long bodies', 3, deep],
  ['oversized bodies', 0.03, oversized],
  ['unknown targets', 5, unknownTarget],
  ['malformed X-Amz-Target', 4, malformedTarget],
  ['malformed Authorization', 5, authorization],
  ['malformed forms', 5, form],
  ['methods and paths', 5, path],
  ['control requests', 4, (dice) => controlRequest(dice)],
];
const TOTAL = KINDS.reduce((sum, [, weight]) => sum + weight, 0);

export const kinds: readonly string[] = KINDS.map(([kind]) => kind);

/** The next request of these dice, for one of these operations. */
export function nextShot(dice: Dice, targets: readonly [Target, ...Target[]]): Shot {
  let left = dice.random() * TOTAL;
  const target = dice.pick(targets);
  for (const [kind, weight, make] of KINDS) {
    left -= weight;
    if (left < 0) return { kind, ...make(dice, target) };
  }
  return { kind: 'valid by the model', ...valid(dice, target) };
}

function inputFor(dice: Dice, { service, operation }: Target): Record<string, unknown> {
  const input = valueFor(modelOf(service).operation(operation).input, dice, '');
  return isObject(input) ? { ...input } : {};
}

function built(target: Target, input: Readonly<Record<string, unknown>>): HttpRequest {
  return requestFor(target.service, modelOf(target.service), target.operation, input);
}

function valid(dice: Dice, target: Target): Omit<Shot, 'kind'> {
  const shot = aimed(target, built(target, inputFor(dice, target)));
  return shot.target === undefined ? shot : { ...shot, fits: true };
}

function wrongTypes(dice: Dice, target: Target): Omit<Shot, 'kind'> {
  const stranger = dice.chance(0.1) ? { [oddText(dice)]: anything(dice) } : {};
  const input = { ...inputFor(dice, target), ...stranger };
  return aimed(target, built(target, replaced(input, dice)));
}

/** Without a name in its path, a request is one of another operation: that of all names. */
function aimed(target: Target, request: HttpRequest): Omit<Shot, 'kind'> {
  const { service, operation } = target;
  const speaksByPaths = modelOf(service).routes.has(operation);
  return speaksByPaths && restOperation(service, request) !== operation ? { request } : { target, request };
}

/** One value somewhere in it is another. */
function replaced(value: Readonly<Record<string, unknown>>, dice: Dice): Readonly<Record<string, unknown>> {
  const names = Object.keys(value);
  const name = names[dice.between(0, names.length - 1)];
  if (name === undefined) return value;
  const inner = value[name];
  if (isObject(inner) && dice.chance(0.7)) return { ...value, [name]: replaced(inner, dice) };
  if (Array.isArray(inner) && inner.length > 0 && dice.chance(0.7)) {
    const [first, ...rest] = inner;
    return { ...value, [name]: [isObject(first) ? replaced(first, dice) : anything(dice), ...rest] };
  }
  return { ...value, [name]: anything(dice) };
}

function missing(dice: Dice, target: Target): Omit<Shot, 'kind'> {
  const input = inputFor(dice, target);
  const names = Object.keys(input);
  const kept = names.filter(() => dice.chance(0.6));
  return aimed(target, built(target, Object.fromEntries(kept.map((name) => [name, input[name]]))));
}

function badJson(dice: Dice, target: Target): Omit<Shot, 'kind'> {
  const request = built(target, inputFor(dice, target));
  const text = request.body.toString();
  const cut = text.slice(0, dice.between(0, text.length));
  const body = dice.pick([
    cut,
    `${text}}`,
    `[${text}]`,
    'null',
    '1',
    '"a"',
    `${text}\u0000`,
    '\ufeff{}',
    oddText(dice),
  ]);
  const bytes = dice.chance(0.1) ? Buffer.from([0xff, 0xfe, 0x00, 0xc3]) : Buffer.from(body);
  return aimed(target, { ...request, body: bytes });
}

function deep(dice: Dice, target: Target): Omit<Shot, 'kind'> {
  const request = built(target, inputFor(dice, target));
  const levels = dice.pick([100, 900, 5_000, 50_000]);
  const [open, close] = dice.pick([
    ['{"a":', '}'],
    ['[', ']'],
    ['{"cluster":', '}'],
    ['{"containerDefinitions":[', ']}'],
  ]);
  const inner = JSON.stringify('x'.repeat(dice.pick([1, 100, 100_000])));
  const nested = `${open.repeat(levels)}${inner}${close.repeat(levels)}`;
  const text = request.body.toString();
  const joined =
    text.startsWith('{') && text.length > 2 ? `${text.slice(0, -1)},"overrides":${nested}}` : nested;
  const asText = JSON.stringify({
    Entries: [{ Source: 'a', DetailType: 'b', Detail: nested }],
    Event: nested,
    EventPattern: nested,
    imageManifest: nested,
    repositoryName: 'web',
  });
  const body = dice.pick([nested, joined, asText]);
  return aimed(target, { ...request, body: Buffer.from(body) });
}

const MEBIBYTE = 1024 * 1024;

function oversized(dice: Dice, target: Target): Omit<Shot, 'kind'> {
  const request = built(target, inputFor(dice, target));
  const body = Buffer.alloc(dice.between(8 * MEBIBYTE + 1, 12 * MEBIBYTE), ' ');
  return { request: { ...request, body }, socket: true, refused: true };
}

function unknownTarget(dice: Dice, target: Target): Omit<Shot, 'kind'> {
  const request = built(target, inputFor(dice, target));
  const operation = dice.pick([
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'Frobnicate',
    'valueOf',
    oddText(dice),
  ]);
  const header = request.headers['x-amz-target'];
  if (header === undefined) {
    const body = request.body
      .toString()
      .replace(/Action=\w+/, `Action=${encodeURIComponent(Buffer.from(operation).toString())}`);
    return {
      request: { ...request, path: `/${oddText(dice)}`, body: Buffer.from(body) },
      refused: target.service !== 'lambda',
    };
  }
  const [prefix = ''] = header.split('.');
  const asked = dice.chance(0.5) ? `${prefix}.${operation}` : `${operation}.${target.operation}`;
  return { request: { ...request, headers: { ...request.headers, 'x-amz-target': asked } }, refused: true };
}

function malformedTarget(dice: Dice, target: Target): Omit<Shot, 'kind'> {
  const request = built(target, inputFor(dice, target));
  const asked = dice.pick([
    '',
    '.',
    'a',
    'a.b.c',
    '..',
    oddText(dice),
    `${String(request.headers['x-amz-target'])}.more`,
  ]);
  return { request: { ...request, headers: { ...request.headers, 'x-amz-target': asked } } };
}

function authorization(dice: Dice, target: Target): Omit<Shot, 'kind'> {
  const request = built(target, inputFor(dice, target));
  const { authorization: usual = '', ...rest } = request.headers;
  const odd = dice.pick([
    undefined,
    '',
    'Basic QVdTOmxvY2Fs',
    'Bearer x',
    usual.slice(0, dice.between(0, usual.length)),
    'AWS4-HMAC-SHA256 Credential=a/b/c/d',
    'AWS4-HMAC-SHA256 Credential=/20260101//ecs/aws4_request',
    `AWS4-HMAC-SHA256 Credential=${oddText(dice)}/20260101/${oddText(dice)}/ecs/aws4_request`,
    usual.replace('us-east-1', 'mars-north-1'),
    `${usual}, ${usual}`,
  ]);
  return {
    target,
    request: { ...request, headers: odd === undefined ? rest : { ...rest, authorization: odd } },
  };
}

function form(dice: Dice): Omit<Shot, 'kind'> {
  const action = dice.pick([
    'Publish',
    'GetCallerIdentity',
    'ListTopics',
    'GetTopicAttributes',
    'constructor',
    oddText(dice),
  ]);
  const version = dice.pick(['2010-03-31', '2011-06-15', '2015-12-01', '', 'constructor', '__proto__']);
  const key = dice.pick(['MessageAttributes', 'Tags', 'TopicArn', '__proto__', 'constructor', oddText(dice)]);
  const parts = [
    `Action=${action}`,
    `Version=${version}`,
    `${key}.${dice.pick(['entry', 'member', ''])}.${dice.pick(['1', '0', '-1', '999999999999', 'x', ''])}.${dice.pick(['Name', 'Value.StringValue', 'Value', '__proto__', ''])}=${oddText(dice)}`,
    dice.pick([
      'TopicArn=arn:aws:sns:us-east-1:123456789012:releases',
      'TopicArn.member.1=a',
      'TopicArn=',
      '=',
      '&&&',
      '%',
      `Message=${oddText(dice)}`,
    ]),
  ];
  const text = parts.filter(() => dice.chance(0.85)).join('&');
  const headers = { 'content-type': dice.pick(['application/x-www-form-urlencoded', 'text/plain', '']) };
  const inQuery = dice.chance(0.3);
  return {
    request: {
      method: inQuery ? 'GET' : 'POST',
      path: inQuery ? `/?${text}` : '/',
      headers,
      body: Buffer.from(inQuery ? '' : text),
    },
  };
}

const PATHS: readonly [string, ...string[]] = [
  '/',
  '//',
  '',
  '*',
  '/favicon.ico',
  '/?',
  '/%',
  '/2015-03-31/functions//invocations',
  '/2015-03-31/functions/%/invocations',
  '/2015-03-31/functions/%E0%A4%A/invocations',
  '/2015-03-31/functions/none/invocations',
  '/2015-03-31/functions/constructor/invocations?Qualifier=x',
  '/_registry/',
  '/_registry/web/blobs/x',
  '/_registry/constructor/blobs/__proto__',
  '/_slack/api/chat.postMessage',
  '/_slack/api/chat.update',
  '/_slack/api/constructor',
  '/_slack/',
  '/v2',
  '/v2/',
  '/v2/web/manifests/1',
  '/v2/%/manifests/x',
  '/v2/web/blobs/uploads/',
  '/v2/web/blobs/uploads/x?digest=sha256:0',
  '/v2/web/tags/list?n=-1',
  '/v2/constructor/tags/list?n=x&last=__proto__',
  '/v2//manifests/',
  '/_local',
  '/_local/',
  '/_local/constructor',
];

function path(dice: Dice): Omit<Shot, 'kind'> {
  const method = dice.pick([
    'GET',
    'POST',
    'PUT',
    'PATCH',
    'DELETE',
    'HEAD',
    'OPTIONS',
    'TRACE',
    'get',
    'FROB',
  ]);
  const authorized = { authorization: `Basic ${Buffer.from('AWS:local').toString('base64')}` };
  const headers = dice.chance(0.5)
    ? authorized
    : {
        'content-type': dice.pick(['application/json', 'text/plain']),
        'x-amz-client-context': oddText(dice),
        'x-amz-invocation-type': oddText(dice),
      };
  const body = dice.pick([
    '',
    '{}',
    'null',
    '[]',
    '1',
    '{"channel":"a","text":"b","blocks":1}',
    'blocks=x',
    oddText(dice),
  ]);
  return { request: { method, path: dice.pick(PATHS), headers, body: Buffer.from(body) } };
}
