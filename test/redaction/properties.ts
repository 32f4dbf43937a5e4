import { redact } from '../../shared/domain/redaction/redact.ts';
import { TAINTED } from './corpus.ts';
import { HARMLESS } from './harmless.ts';
import { drawn, TOKENS } from './tokens.ts';

/** Numbers from 0 up to `limit`, the same for the same seed. */
function dice(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * limit);
  };
}

function pick<Kind>(throwDie: (limit: number) => number, items: readonly Kind[]): Kind {
  const item = items[throwDie(items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Ways to write a secret down so that everybody sees that it is one. */
const KEYED: readonly ((secret: string, key: string) => string)[] = [
  (secret, key) => `${key}=${secret}`,
  (secret, key) => `${key}: ${secret}`,
  (secret, key) => `${key} = "${secret}"`,
  (secret, key) => `{"${key}":"${secret}"}`,
  (secret, key) => JSON.stringify(JSON.stringify({ before: 'x', [key]: secret })),
  (secret, key) => JSON.stringify([{ name: key, value: secret }]),
  (secret, key) => `run --${key} ${secret} --verbose`,
  (secret, key) => `run '--${key}=${secret}'`,
  (secret, key) => `<${key}>${secret}</${key}>`,
  (secret) => `Authorization: Bearer ${secret}`,
  (secret) => `postgres://app:${secret}@db.internal:5432/app`,
  (secret) => `Server=db;Password=${secret};Encrypt=true`,
  (secret, key) => `https://x.example/?a=1&${key}=${secret}&b=2`,
];
const KEYS = [
  'password',
  'DB_PASSWORD',
  'api_key',
  'apiKey',
  'client-secret',
  'GITHUB_TOKEN',
  'secretAccessKey',
];
const GLUE = [' ', '\n', ' | ', '\t', '; ', '\r\n', ' -> '];

/** A list of parameters alone would belong to the statement before or after it, whose columns may be secret. */
function withoutStrayLists(lines: readonly string[]): readonly string[] {
  const hasStatement = lines.some((line) => /\b(?:insert|update|select|delete)\b/i.test(line));
  return hasStatement ? lines.filter((line) => !line.startsWith('PARAMETERS: ')) : lines;
}

/** What must hold for any text: `rounds` of them, drawn from the seed. */
export function describeRedaction(seed: number, rounds: number): void {
  describe(`redact, in random text (seed ${seed})`, () => {
    it('leaves nothing of a secret', () => {
      const die = dice(seed);
      for (let round = 0; round < rounds; round += 1) {
        const known = die(2) === 0;
        const secret = known
          ? pick(die, Object.values(TOKENS))
          : `${drawn(3, die(9_999), LETTERS)}7${drawn(4 + die(40), die(9_999))}`;
        const written = known && die(2) === 0 ? `"${secret}"` : pick(die, KEYED)(secret, pick(die, KEYS));
        const text = [pick(die, HARMLESS), written, pick(die, HARMLESS)].join(pick(die, GLUE));
        const redacted = redact(text);
        const told = `seed ${seed}, round ${round}: ${text}`;
        if (redacted.includes(secret)) throw new Error(`a secret is left\n${told}\n${redacted}`);
        if (redact(redacted) !== redacted)
          throw new Error(`not idempotent\n${told}\n${redacted}\n${redact(redacted)}`);
      }
    });

    it('is idempotent on what no one would write', () => {
      const die = dice(seed + 1);
      const pieces = [
        ...TAINTED.flatMap(({ text }) => [
          text,
          text.slice(0, die(text.length)),
          text.slice(die(text.length)),
        ]),
        ...HARMLESS,
        ...[
          '"',
          "'",
          '\\',
          '\\"',
          ':',
          '=',
          '@',
          '://',
          '[',
          ']',
          '{',
          '}',
          ',',
          ';',
          '[redacted]',
          'password',
          'token=',
          '-----BEGIN PRIVATE KEY-----',
          '-----END PRIVATE KEY-----',
          'Cookie: ',
          '--secret ',
          '\n',
          '&quot;',
        ],
      ];
      for (let round = 0; round < rounds; round += 1) {
        const text = Array.from({ length: 1 + die(9) }, () => pick(die, pieces)).join(
          pick(die, ['', ' ', '\n']),
        );
        const once = redact(text);
        if (redact(once) !== once) {
          throw new Error(`seed ${seed}, round ${round}: ${JSON.stringify(text)}\n${once}\n${redact(once)}`);
        }
      }
    });

    it('leaves harmless lines alone, however they are put together', () => {
      const die = dice(seed + 2);
      for (let round = 0; round < rounds; round += 1) {
        const lines = Array.from({ length: 1 + die(5) }, () => pick(die, HARMLESS));
        const text = withoutStrayLists(lines).join('\n');
        if (redact(text) !== text) throw new Error(`seed ${seed}, round ${round}: ${text}\n${redact(text)}`);
      }
    });
  });
}
