import { drawn, hex } from './tokens.ts';

/** Secrets in what databases say, in encoded text, in addresses, and in text with invisible characters. */

const WORD = 'hunter2horse';
const DRAWN = `k3Jd${drawn(16, 201)}`;
const HEX = hex(64, 205);
const BOT = `A${'A'}${drawn(33, 39)}`;
const SHORT_BOT = `ABC-DEF${drawn(27, 206)}`;
const encode = encodeURIComponent;

type Tainted = readonly [what: string, text: string, ...secrets: string[]];

const ENCODED: readonly Tainted[] = [
  ['JSON in an address', `GET /login?data=${encode(`{"user":"web","password":"${WORD}"}`)} 200`, WORD],
  ['JSON in a form', `payload=${encode(`{"api_token":"${DRAWN}","x":1}`)}`, DRAWN],
  ['JSON encoded twice', `GET /x?d=${encode(encode(`{"password":"${WORD}"}`))}`, WORD],
  ['JSON in codes of small letters', `d=%7b%22password%22%3a%22${WORD}%22%7d`, WORD],
  ['JSON with spaces as a plus', `d=%7B%22password%22%3A+%22${WORD}%22%7D`, WORD],
  ['JSON with encoded spaces', `d=%7B%22password%22%3A%20%22${WORD}%22%7D`, WORD],
  ['JSON of which only quotes are encoded', `d={%22password%22:%22${WORD}%22}`, WORD],
  ['a list in encoded JSON', `d=${encode(`{"tokens":["${DRAWN}","${WORD}"]}`)}`, DRAWN],
  ['nested encoded JSON', `d=${encode(`{"a":{"client_secret":"${DRAWN}"}}`)}`, DRAWN],
  [
    'JSON within encoded JSON',
    `d=${encode(JSON.stringify({ a: JSON.stringify({ password: WORD }) }))}`,
    WORD,
  ],
  ['encoded JSON with text beyond ASCII', `d=${encode(`{"name":"Zoë","password":"${WORD}"}`)}`, WORD],
  [
    'two secrets in encoded JSON',
    `d=${encode(`{"password":"${WORD}","x":1,"token":"${DRAWN}"}`)}`,
    WORD,
    DRAWN,
  ],
];

const DATABASES: readonly Tainted[] = [
  ['a duplicate of PostgreSQL', `Key (api_token)=(${DRAWN}) already exists.`, DRAWN],
  ['a password of PostgreSQL', `DETAIL:  Key (password)=(${WORD}) already exists.`, WORD],
  [
    'a second column of PostgreSQL',
    `DETAIL:  Key (user_id, api_token)=(42, ${DRAWN}) already exists.`,
    DRAWN,
  ],
  [
    'a first column of PostgreSQL',
    `Key (api_token, user_id)=(${DRAWN}, 42) is not present in table "x".`,
    DRAWN,
  ],
  ['a function of PostgreSQL', `Key (lower(session_token::text))=(${DRAWN}) already exists.`, DRAWN],
  ['a quoted column of PostgreSQL', `Key ("apiToken")=(${DRAWN}) already exists`, DRAWN],
  [
    'an exclusion of PostgreSQL',
    `Key (token)=(${DRAWN}) conflicts with existing key (token)=(${DRAWN}).`,
    DRAWN,
  ],
  ['a value with brackets and commas', `Key (password, id)=(a(b, c${WORD}, 1) already exists.`, WORD],
  ['a key that is cut off', `Key (password)=(${WORD}`, WORD],
  ['a duplicate of MySQL', `ERROR 1062: Duplicate entry '${DRAWN}' for key 'users.api_token'`, DRAWN],
  ['an index of MySQL', `Duplicate entry '${DRAWN}' for key 'users.uq_api_token_unique'`, DRAWN],
  [
    'a duplicate of SQL Server',
    `Violation of UNIQUE KEY constraint 'UQ_users_api_token'. Cannot insert duplicate key in object 'dbo.users'. The duplicate key value is (${DRAWN}).`,
    DRAWN,
  ],
  [
    'a duplicate of MongoDB',
    `E11000 duplicate key error index: apiToken_1 dup key: { apiToken: "${DRAWN}" }`,
    DRAWN,
  ],
  ['parameters by their column', `SELECT * FROM users WHERE token = $1 PARAMETERS: ["${DRAWN}"]`, DRAWN],
  ['parameters without quotes', `UPDATE users SET password = ? WHERE id = ? PARAMETERS: [${WORD}, 42]`, WORD],
  ['parameters without a statement', `-- PARAMETERS: ["web","${DRAWN}"]`, DRAWN],
  [
    'parameters of an insertion',
    `query: INSERT INTO "users"("name", "password") VALUES ($1, $2) -- PARAMETERS: ["web","${WORD}"]`,
    WORD,
  ],
  [
    'parameters beside defaults',
    `INSERT INTO "users"("id", "name", "password") VALUES (DEFAULT, $1, $2) -- PARAMETERS: ["web","${WORD}"]`,
    WORD,
  ],
  [
    'parameters of SQLAlchemy',
    `[SQL: INSERT INTO users (name, password) VALUES (?, ?)]\n[parameters: ('web', '${WORD}')]`,
    WORD,
  ],
  ['bound values', `UPDATE "users" SET "api_token"=$1 WHERE id=$2; bind: ["${DRAWN}",42]`, DRAWN],
  ['bindings', `update users set password = ? - bindings: ['${WORD}', 42]`, WORD],
  [
    'parameters that have numbers',
    `LOG: execute: INSERT INTO users (id, password) VALUES ($1, $2)\nDETAIL:  parameters: $1 = '42', $2 = '${WORD}'`,
    WORD,
  ],
];

const OTHER = 'hunter3horse';
const PAIR = 'INSERT INTO "s"("data", "token") VALUES ($1,$2)';
const LISTS: readonly Tainted[] = [
  [
    'a parameter after one that is an object',
    `query: ${PAIR} -- PARAMETERS: [{"a":"b","c":"d"},"${WORD}"]`,
    WORD,
  ],
  ['a parameter after one that is a list', `query: ${PAIR} -- PARAMETERS: [["a","b"],"${WORD}"]`, WORD],
  [
    'parameters of the same statement once more',
    `query: ${PAIR} -- PARAMETERS: ["x",null]\nquery: PARAMETERS: ["y","${WORD}"]`,
    WORD,
  ],
  [
    'parameters after those of another statement',
    `insert into jobs (id, name) values ($1, $2) -- PARAMETERS: [1, "x"]\n${PAIR} -- PARAMETERS: ["y","${WORD}"]`,
    WORD,
  ],
  [
    'parameters of Ecto after those of another statement',
    `insert into jobs (id, name) values ($1, $2) -- PARAMETERS: [1, "x"]\n${PAIR} ["y", "${WORD}"]`,
    WORD,
  ],
  [
    'parameters of a statement with a column of that name',
    `INSERT INTO "jobs" ("name","password","params") VALUES ($1,$2,$3) ON CONFLICT ("id") DO UPDATE SET "params" = $4 ["bob", "${WORD}", "{}", "{}"]`,
    WORD,
  ],
  [
    'named parameters of a statement with a column of that name',
    `UPDATE users SET password = $1, bindings = ($2) -- PARAMETERS: ["${WORD}", "x"]`,
    WORD,
  ],
  [
    'parameters after a comment that names others',
    `INSERT INTO users (name, password) VALUES ($1, $2) /* binds: (2) */ ["bob", "${WORD}"]`,
    WORD,
  ],
  [
    'parameters before their statement, after other statements',
    `[Parameters=[@p0='1', @p1='x']] INSERT INTO jobs (id, name) VALUES (@p0, @p1); [Parameters=[@p0='2', @p1='y']] INSERT INTO jobs (id, name) VALUES (@p0, @p1); [Parameters=[@p0='ann', @p1='${WORD}']] INSERT INTO users (name, password) VALUES (@p0, @p1)`,
    WORD,
  ],
  [
    'parameters of a session among those of others',
    `[1] execute: INSERT INTO users (name, password) VALUES ($1, $2)\n[2] execute: SELECT a FROM t WHERE b = $1\n[2] DETAIL: parameters: $1 = 'bob'\n[3] execute: SELECT a FROM t WHERE b = $1\n[1] DETAIL: parameters: $1 = 'bob', $2 = '${WORD}'`,
    WORD,
  ],
  [
    'parameters of several rows as tuples',
    `[SQL: INSERT INTO users (name, password) VALUES (?, ?)]\n[parameters: [('bob', '${WORD}'), ('ann', '${OTHER}')]]`,
    WORD,
    OTHER,
  ],
  [
    'parameters of several rows as lists',
    `INSERT INTO users (name, password) VALUES (?, ?)\nparameters: [["bob","${WORD}"],["ann","${OTHER}"]]`,
    WORD,
    OTHER,
  ],
  [
    'parameters of several rows in one list',
    `INSERT INTO u (name, password) VALUES ($1,$2),($3,$4) -- PARAMETERS: ["bob","${WORD}","ann","${OTHER}"]`,
    WORD,
    OTHER,
  ],
  [
    'a parameter in a function',
    `INSERT INTO u (name, password) VALUES ($1,crypt($2, gen_salt('bf'))) -- PARAMETERS: ["bob","${WORD}"]`,
    WORD,
  ],
  [
    'a parameter after a function',
    `INSERT INTO u (id, name, password) VALUES (uuid_generate_v4(),$1,$2) -- PARAMETERS: ["bob","${WORD}"]`,
    WORD,
  ],
  [
    'a changed parameter in a function',
    `UPDATE u SET password = crypt($1, gen_salt('bf')) -- PARAMETERS: ["${WORD}"]`,
    WORD,
  ],
  [
    'parameters of EF Core',
    `Executed DbCommand (5ms) [Parameters=[@p0='bob', @p1='${WORD}'], CommandType='Text']\nINSERT INTO [Users] ([Name], [Password])\nVALUES (@p0, @p1);`,
    WORD,
  ],
  ['a parameter of EF Core by its name', `[Parameters=[@__password_0='${WORD}'], CommandType='Text']`, WORD],
  [
    'parameters of Ecto',
    `INSERT INTO "users" ("name","password") VALUES ($1,$2) RETURNING "id" ["bob", "${WORD}"]`,
    WORD,
  ],
  ['a duplicate in German', `DETAIL:  Schlüssel »(api_token)=(${WORD})« existiert bereits.`, WORD],
  ['a duplicate in French', `DETAIL:  La clé « (api_token)=(${WORD}) » existe déjà.`, WORD],
];

const KEYS: readonly Tainted[] = [
  ['a bot in an address', `POST https://api.telegram.org/bot123456789:${BOT}/sendMessage failed`, BOT],
  ['a file of a bot', `https://api.telegram.org/file/bot123456789:${BOT}/photo.jpg`, BOT],
  ['a bot behind a proxy', `https://bots.internal:8443/bot5123456789:${BOT}/getMe`, BOT],
  ['a bot with another token', `https://api.telegram.org/bot123456:${SHORT_BOT}/getMe`, SHORT_BOT],
  ['a bot in an encoded address', `url=https%3A%2F%2Fapi.telegram.org%2Fbot123456789%3A${BOT}%2FgetMe`, BOT],
  ['a license key by its end', `license ${HEX.slice(0, 36)}NRAL`, HEX.slice(0, 36)],
  ['a license key of a region', `using eu01xx${HEX.slice(0, 30)}NRAL`, HEX.slice(0, 30)],
  ['a license key by its beginning', `activated LIC-AB12-CD34-EF56`, 'AB12-CD34'],
  ['a license key by its name', `LICENSE_KEY=${WORD}`, WORD],
  ['a license key in words', 'license key: ABCD1-EFGH2-IJKL3-MNOP4-QRST5', 'EFGH2-IJKL3'],
  ['a licence key in camel case', `licenceKey: "${WORD}"`, WORD],
  ['a key of 256 bits', `KEY=${HEX}`, HEX],
  ['a key of 256 bits after a colon', `key: ${HEX}`, HEX],
  ['a key of 256 bits in JSON', `"key":"${HEX}"`, HEX],
  ['a key of 128 bits', `KEY=${HEX.slice(0, 32)}`, HEX.slice(0, 32)],
  ['a salt', `SALT=${HEX}`, HEX],
];

const UNSEEN: readonly Tainted[] = [
  ['a soft hyphen in a key', `pass\u00adword=${WORD}`, WORD],
  ['a soft hyphen between words of a key', `api\u00ad_token: ${DRAWN}`, DRAWN],
  ['a space of no width in a key', `pass\u200bword=${WORD}`, WORD],
  ['a joiner in a key', `pass\u200dword: "${WORD}"`, WORD],
  ['a word joiner in a key', `secret\u2060_key=${DRAWN}`, DRAWN],
  ['a sign of variation in a key', `pass\ufe0fword=${WORD}`, WORD],
  ['a filler of Hangul in a key', `pass\u115fword=${WORD}`, WORD],
  ['a wide filler of Hangul in a key', `pass\u3164word=${WORD}`, WORD],
  ['a soft hyphen that an address encodes', `pass%C2%ADword=${WORD}`, WORD],
  ['a soft hyphen in a token', `${'gh'}p_${drawn(18, 4)}\u00ad${drawn(18, 5)}`, drawn(18, 5)],
  ['a soft hyphen of HTML', `pass&shy;word=${WORD}`, WORD],
  ['a soft hyphen that JSON escapes', `{"pass\\u00adword":"${WORD}"}`, WORD],
];

export const STATEMENTS: readonly Tainted[] = [...ENCODED, ...DATABASES, ...LISTS, ...KEYS, ...UNSEEN];

/** Lines of the same kinds that hold no secret. */
export const PLAIN_STATEMENTS: readonly string[] = [
  'd=%7B%22user%22%3A%22web%22%7D',
  'GET /search?q=%22password%22 200',
  'q=%7B%22name%22%3A%22web-app%22%2C%22size%22%3A3%7D',
  'q=%7B%22token_url%22%3A%22https%3A%2F%2Fid.example%2Ftoken%22%7D',
  'Key (id)=(42) already exists.',
  'Key (email)=(a@example.com) already exists.',
  'Key (token_id)=(42) is still referenced from table "x".',
  'DETAIL: Key (order_id, product_id)=(17, 42) already exists.',
  `Key (digest)=(sha256:${HEX}) already exists.`,
  "Duplicate entry 'web' for key 'users.name'",
  "Duplicate entry '42' for key 'users.token_id'",
  'PARAMETERS: [42, "web"]',
  'Parameters: []',
  'PARAMETERS: ["2026-01-01", "b2f1c0de-1234-4abc-8def-0123456789ab"]',
  'select * from users where name = $1 -- PARAMETERS: ["web"]',
  'insert into jobs (id, name) values ($1, $2) -- PARAMETERS: [1, "nightly-report"]',
  'bot123 joined',
  'https://api.telegram.org/bot<token>/getMe',
  'https://example.com/bot/42',
  `checksum=${HEX}`,
  `digest: ${HEX}`,
  `cache key: ${HEX}`,
  `cache_key=${HEX}`,
  `objectKey: ${HEX}`,
  `S3 key=uploads/${HEX}.png`,
  'key=web-app',
  'key: users/42/avatar.png',
  'license: Apache-2.0',
  'license=MIT',
  'license key: missing',
  'license key is invalid',
  'LicenseKeyValidator: ok',
  'co\u00adoperate',
  'pass\u00adword policy',
  'pwd=/app',
  'pwd: /app',
  'pwd=/srv/app/current',
  'pwd=/home/ec2-user/app',
  'PWD=C:\\Users\\ContainerAdministrator',
  `${PAIR} -- PARAMETERS: [{"a":"b","c":"d"},null]`,
  'INSERT INTO "users" ("name","age") VALUES ($1,$2) ["bob", 42]',
  `${PAIR} -- PARAMETERS: [{"a":"b","c":"d"},null]\nrequired: ["username","password","created_at"]`,
  `${PAIR} -- PARAMETERS: ["x",null]\ninsert into jobs (id, name) values ($1, $2) -- PARAMETERS: [1, "report"]`,
  'Schlüssel »(email)=(a@example.com)« existiert bereits.',
  'cwd=/app pwd=/app',
  '{"pwd":"/app"}',
  'pwd=C:\\app',
  'pwd=/home/node/app-1.2',
  'pwd=/var/www/html/releases/20240131',
  'session=org.hibernate.internal.SessionFactoryImpl$SessionBuilderImpl',
  'token=com.example.TokenAuthenticationServiceFactoryBeanDefinitionRegistrar',
  'auth: HttpBasicAuthenticationEntryPointConfigurerAdapterV2',
  'session: StandardServletAsyncWebRequestHttp11Processor',
  'tokens: UsernamePasswordAuthenticationFilterOAuth2Configurer',
  'org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizedClientManager',
  'OAuth2AuthorizationCodeGrantFilterV2Impl',
];
