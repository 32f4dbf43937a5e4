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

/** The quickest of a few, in milliseconds: what else the machine does only makes it slower. */
function took(text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run += 1) {
    const start = process.hrtime.bigint();
    redact(text);
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e6);
  }
  return best;
}

describe('redact, on text made to keep it busy', () => {
  it.each(PIECES)('takes time in proportion to the length of %j', (piece) => {
    const text = piece.repeat(Math.ceil(SIZE / piece.length));
    const short = took(text);
    const long = took(text.repeat(4));
    // Four times the length: 4 if it is linear, 16 if it looks at each pair of places.
    expect(long).toBeLessThan(10 * Math.max(short, 2));
  });
});
