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
  'password -> ',
  'password:  ',
  '-u a -p ',
  '\n- a',
  'password:\n- a\n',
  'insert into a (',
  'insert into a (password) values (',
  "insert into a (b) values ('",
  'name="password"\n\n',
  '<key>password</key><string>',
  's:8:"password";s:2:"',
  '"password":protected]',
  '<entry key="password">',
  '<entry key="',
  '{{resolve:',
  '{{resolve:a}}',
  '-----BEGIN PRIVATE KEY-----"',
  '-----BEGIN PRIVATE KEY-----","a',
  '-----BEGIN+',
  '%0A',
  'a:5432:b:c:',
  'password:\n',
  'a1B2',
  'a1B2-',
  'AAAA',
  'dt0c01.',
  '$2a$10$',
  'echo a | ',
  'zip -P',
  'set password ',
  'Authorization: a="b",',
  'Authorization: a b1c2d3e4 ',
  'a="b",',
  'a.b.',
  'password = a.',
  'password = a.b(',
  '?key=',
  'a for b: ',
  'password is generated for ',
  '\\u0022',
  '“',
  'password“',
  '&gt;',
  'password&gt;',
  'password...',
  '{a,"',
  '{:a "',
  ':a ',
  'password: a b ',
  'sqlplus a/',
  'A1B2C3D4',
  's.',
  're_',
  '1/1234567890:',
  'a:b1@/c',
  '--password, ',
  'password = "a" -> "',
  '\u001b[1mpass\u001b[0mword=a ',
  '\u200b',
  '%22',
  '%7B%22password%22%3A%22',
  '%25227',
  '%22a%22:',
  'key (',
  'key (a)=(',
  'key (password)=(a',
  'key (password)=(a) already exists. ',
  "duplicate entry '",
  "duplicate entry 'a' for key 'token' ",
  "constraint 'token' duplicate key value is (",
  'parameters: [',
  'parameters: ["a",',
  'parameters: $1 = ',
  'password = ? parameters: ["a"] ',
  'insert into a (password) values ($1) parameters: [',
  'key: 0123456789abcdef0123456789abcdef',
  'bot123456:',
  'pwd=/',
  'pwd=/a',
  'pass\u00adword=a ',
  '&shy;',
  'auth: HttpBasic',
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

/**
 * The least of some tries: collecting garbage now and then is no growth. Text that each round masks only a part of may
 * need more rounds if it is longer, up to their greatest number: longer texts decide about it.
 */
function growthOf(text: string): number {
  const least = leastGrowth(text);
  return least < TOO_MUCH ? least : leastGrowth(text.repeat(4));
}

function leastGrowth(text: string): number {
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
