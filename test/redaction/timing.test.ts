import { redact } from '../../shared/domain/redaction/redact.ts';

/** Pieces that patterns begin with and never end, so that one that looks twice at the same text takes long. */
const PIECES: readonly string[] = [
  'a',
  'a.',
  'a-',
  'a:',
  'a=',
  'A1/',
  ' ',
  '\n',
  '\\',
  '"',
  '\\"',
  ':',
  ',',
  '@',
  '[',
  'eyJ',
  'eyJhbGciOi.',
  'AKIA',
  'ghp_',
  'sk-a',
  '_-',
  '://',
  'a://',
  'a://b:c/',
  'https://u:p,',
  'arn:aws:',
  'password',
  'password=',
  'password="',
  'password=\'"',
  'password=\\"',
  'password: "a',
  'token: [',
  'token=["a",',
  'sid=',
  'session="session=\'session=`',
  'session="a"',
  '"value":"',
  '"value":"a","name":"',
  'name=a,value=',
  '--password ',
  '--auth a ',
  'Cookie: ',
  'Cookie: a=',
  'Authorization: Bearer ',
  'Authorization: Digest ',
  'bearer ',
  'basic a',
  'mysql ',
  'mysql  -p ',
  'curl -u a',
  'a:b@tcp',
  '@tcp(a:',
  "identified by '",
  '<password>',
  '&quot;',
  'password&quot;:&quot;',
  '-----BEGIN PRIVATE KEY-----',
  '-----END PRIVATE KEY-----',
  '-----BEGIN PRIVATE KEY-----\n',
  'PRIVATE KEY A',
  '[redacted]',
  'password=[redacted]',
  '\u001b[0;',
  'password a',
  'token is ',
  'a_key 1234567',
  'password: [a',
  '%3D',
  'password%3D',
  'YWJj',
  '%3A%2F%2F',
  'a:b@c:1',
  'a://b:c<',
  '<a>',
  '<a ',
  'password="""',
  "password='''",
  '"token","',
  'Some(',
  'password=Some(',
  ';password=a ',
  '"A_TOKEN=a ',
  'password:\n ',
  '"kty":"d":"',
  'mongo -p ',
  '["curl","a",',
  '["curl","',
  'password "',
  'identified with a by "',
  'a(',
  '\\u001b[0m',
  'password\\u001b[',
  '\u001b[',
];
const SIZE = 20_000;

/** Four times the length takes 4 times as long if it is linear, and 16 if it looks at each pair of places. */
const TOO_MUCH = 10;
/** Times shorter than this say nothing, microseconds. */
const LEAST = 2_000;
const TRIES = 6;

/** Of this process, microseconds: what else the machine does is no part of it. */
function took(text: string): number {
  const before = process.cpuUsage();
  redact(text);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** The least of some tries: collecting garbage now and then is no growth. */
function growthOf(text: string): number {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < TRIES && least >= TOO_MUCH; attempt += 1) {
    const short = Math.max(Math.min(took(text), took(text)), LEAST);
    least = Math.min(least, took(text.repeat(4)) / short);
  }
  return least;
}

describe('redact, on text made to keep it busy', () => {
  it.each(PIECES)('takes time in proportion to the length of %j', (piece) => {
    const text = piece.repeat(Math.ceil(SIZE / piece.length));
    expect(growthOf(text)).toBeLessThan(TOO_MUCH);
  });
});
