import { NOTATIONS } from './notations.ts';
import { STATEMENTS } from './statements.ts';
import { base64, drawn, hex, TOKENS } from './tokens.ts';

/**
 * Synthetic secrets, in lines as containers, AWS and people write them. Each is put together from parts, so that
 * what searches repositories for secrets finds none here.
 */
interface Tainted {
  readonly what: string;
  readonly text: string;
  /** What must not be left of it, in any part. */
  readonly secrets: readonly string[];
}

const encode = (text: string) => Buffer.from(text).toString('base64');

const SECRET_KEY = base64(40, 50);
const ACCOUNT_KEY = `${base64(86, 51)}==`;
const DRAWN = drawn(32, 52);
const HEX = hex(32, 53);
const WORD = 'hunter2horse';
const ODD = 'p@ss:w0rd#1!x';
const token = (what: string) => TOKENS[what] ?? '';

function pem(kind: string, lines: number, seed: number): readonly string[] {
  const body = Array.from({ length: lines }, (_, line) => base64(64, seed + line));
  return [`-----BEGIN ${kind}-----`, ...body, `${base64(30, seed + lines)}==`, `-----END ${kind}-----`];
}

const RSA = pem(`RSA ${'PRIVATE'} KEY`, 5, 60);
const PKCS8 = pem(`${'PRIVATE'} KEY`, 4, 70);
const OPENSSH = pem(`OPENSSH ${'PRIVATE'} KEY`, 6, 80);
const bodyOf = (key: readonly string[]) => key.slice(1, -1);

type Row = readonly [what: string, text: string, ...secrets: string[]];

const LINES: readonly Row[] = [
  // Tokens in the middle of what people and programs say
  [
    'a token in a sentence',
    `remote: Invalid token ${token('GitHub personal token')}, giving up.`,
    token('GitHub personal token'),
  ],
  [
    'a token after an escaped line break',
    `{"log":"using\\n${token('GitLab personal token')}\\n"}`,
    token('GitLab personal token'),
  ],
  ['a token after a colour', `\u001b[32m${token('npm token')}\u001b[0m`, token('npm token')],
  [
    'a token in a percent code',
    `redirect=https%3A%2F%2Fx.example%2F${token('JSON web token')}`,
    token('JSON web token'),
  ],
  [
    'keys of AWS side by side',
    `${token('AWS access key id')},${SECRET_KEY}`,
    token('AWS access key id'),
    SECRET_KEY,
  ],
  ['a secret access key alone', `InvalidSignature for ${base64(40, 54)}`, base64(40, 54)],
  [
    'a webhook of Slack',
    `POST https://hooks.slack.com/${'services'}/T01234567/B01234567/${drawn(24, 55)} 404`,
    drawn(24, 55),
  ],

  // Pairs
  [
    'credentials of AWS in an ini file',
    `aws_access_key_id = ${token('AWS access key id')}\naws_secret_access_key = ${SECRET_KEY}`,
    SECRET_KEY,
  ],
  [
    'credentials of AWS as JSON',
    `{"AccessKeyId":"x","SecretAccessKey":"${SECRET_KEY}","SessionToken":"${DRAWN}"}`,
    SECRET_KEY,
    DRAWN,
  ],
  ['an environment variable', `DB_PASSWORD=${WORD}`, WORD],
  ['one with spaces', `APP=web\nDB_PASSWORD=correct ${WORD} staple\nPORT=80`, WORD, 'staple'],
  ['one with signs', `export DB_PASSWORD=${ODD}`, ODD, 'w0rd'],
  ['one in quotes', `export DB_PASSWORD="correct ${WORD}; staple"`, WORD, 'staple'],
  ['one in single quotes', `DB_PASSWORD='it is, ${WORD}' npm start`, WORD],
  ['PGPASSWORD', `+ PGPASSWORD=${WORD} psql -h db.internal -U app`, WORD],
  ['MYSQL_PWD', `env MYSQL_PWD=${WORD} mysqldump app`, WORD],
  ['an API key', `STRIPE_API_KEY: ${DRAWN}`, DRAWN],
  ['a key by its vendor', `DATADOG_KEY=${HEX} is not valid`, HEX],
  ['a key in words', `invalid API key: ${DRAWN}`, DRAWN],
  ['a secret in words', `client secret = ${DRAWN}`, DRAWN],
  ['a property', `spring.datasource.password=${WORD}`, WORD],
  ['camel case', `Config { host: 'db', dbPassword: '${WORD}', port: 5432 }`, WORD],
  ['a struct of Go', `&{Host:db.internal Password:${WORD} Port:5432}`, WORD],
  ['a map of Go', `map[host:db password:${WORD} token:${DRAWN}]`, WORD, DRAWN],
  ['a hash of Ruby', `{:user=>"app", :password=>"${WORD}"}`, WORD],
  ['a dict of Python', `{'user': 'app', 'password': '${WORD}', 'token': b'${DRAWN}'}`, WORD, DRAWN],
  ['an array of PHP', `array('user' => 'app', 'secret' => '${WORD}')`, WORD],
  ['YAML', `database:\n  user: app\n  password: ${WORD}\n  pool: 5`, WORD],
  ['XML', `<connection><user>app</user><password>${WORD}</password></connection>`, WORD],
  ['JSON', `{"user":"app","password":"${WORD}","retries":3}`, WORD],
  ['JSON with a space', `{"user": "app", "password" : "correct ${WORD}"}`, WORD],
  ['JSON with an escaped quote', `{"password":"ab\\"${WORD}","retries":3}`, WORD],
  [
    'JSON in JSON',
    JSON.stringify({ body: JSON.stringify({ password: `${WORD} x"y`, retries: 3 }) }),
    WORD,
    'x\\',
  ],
  ['JSON in JSON in JSON', JSON.stringify(JSON.stringify(JSON.stringify({ api_key: DRAWN }))), DRAWN],
  ['JSON that is cut off', `{"user":"app","password":"${WORD}`, WORD],
  ['a list of tokens', `{"tokens":2,"refresh_token":["${DRAWN}","${HEX}"]}`, DRAWN, HEX],
  ['escaped for HTML', `{&quot;password&quot;:&quot;${WORD}&quot;}`, WORD],
  [
    'environment of a task',
    `"environment":[{"name":"DB_PASSWORD","value":"${WORD}"},{"name":"PORT","value":"80"}]`,
    WORD,
  ],
  ['the same the other way round', `{"value":"${WORD}","name":"DB_PASSWORD"}`, WORD],
  ['a shorthand of the CLI', `environment=[{name=API_TOKEN,value=${DRAWN}}]`, DRAWN],
  ['a form', `grant_type=refresh&refresh_token=${DRAWN}&client_secret=${HEX}&scope=all`, DRAWN, HEX],
  ['an encoded form', `next=%2Flogin%3Fpassword%3D${WORD}%26x%3D1`, WORD],
  ['a session', `sessionid=${HEX}; expired`, HEX],
  ['a bare PIN under a password', 'PASSWORD=48151623', '48151623'],
  ['a password in a sentence', `login failed with password: ${WORD}`, WORD],
  [
    'auth of Docker',
    `{"auths":{"registry.example":{"auth":"${encode(`app:${WORD}`)}"}}}`,
    encode(`app:${WORD}`),
  ],
  ['auth of npm', `//registry.npmjs.org/:_authToken=${DRAWN}`, DRAWN],

  ['a key and a value with only a space', `ENV DB_PASSWORD ${WORD}`, WORD],
  ['a password in a sentence', `the password is ${WORD}.`, WORD],
  ['a netrc', `machine git.example login app password ${WORD}`, WORD],
  ['a list without quotes', `passwords: [${WORD}, ${DRAWN}]`, WORD, DRAWN],
  ['the DSN of Sentry', `SENTRY_DSN=https://${HEX}@o1.ingest.sentry.io/2`, HEX],

  // Commands
  ['an option', `migrate --user app --password ${WORD} --verbose`, WORD],
  ['an option with a sign', `migrate --password=${ODD} up`, ODD, 'w0rd'],
  ['an option in quotes', `migrate --db-password "correct ${WORD}" up`, WORD],
  ['options in a list', `command: ["migrate","--token","${DRAWN}","up"]`, DRAWN],
  ['mysql', `mysql -h db -u root -p${WORD} app`, WORD],
  ['curl', `curl -fsS -u deploy:${WORD} https://ci.example/job`, WORD],
  ['docker login', `docker login -u AWS -p ${DRAWN} registry.example`, DRAWN],
  ['SQL', `ERROR in: CREATE USER app IDENTIFIED BY '${WORD}'`, WORD],
  ['SQL of PostgreSQL', `STATEMENT: ALTER ROLE app WITH PASSWORD '${WORD}'`, WORD],

  // Addresses and connections
  ['an address', `could not connect to postgres://app:${WORD}@db.internal:5432/app`, WORD],
  ['an address with signs', `DATABASE_URL=postgres://app:p@s:${WORD}#1@db.internal:5432/app`, WORD],
  ['an address with slashes', `DATABASE_URL=postgres://app:p@ss/${WORD}?x@db.internal:5432/app`, WORD],
  ['an address with a quote', `amqp://app:it's${WORD}@mq.internal/vhost`, WORD],
  ['an address without user', `redis://:${WORD}@cache.internal:6379/0`, WORD],
  ['two addresses', `amqp://a:${WORD}@h1,amqp://b:${HEX}@h2`, WORD, HEX],
  ['a token as user', `git clone https://${drawn(40, 56)}@git.example/a/b.git`, drawn(40, 56)],
  [
    'a token as password',
    `fatal: https://oauth2:${token('GitLab personal token')}@gitlab.example/a/b.git not found`,
    token('GitLab personal token'),
  ],
  ['several hosts', `mongodb://app:${WORD}@h1:27017,h2:27017/app?replicaSet=rs0`, WORD],
  ['a driver of Go', `dial app:${WORD}@tcp(db.internal:3306)/app`, WORD],
  ['JDBC', `jdbc:postgresql://db.internal/app?user=app&password=${WORD}&ssl=true`, WORD],
  ['JDBC of Oracle', `jdbc:oracle:thin:app/${WORD}@//db.internal:1521/app`, WORD],
  ['a connection of SQL Server', `Server=db;Database=app;User Id=app;Password=${WORD};Encrypt=true`, WORD],
  [
    'a connection of Azure Storage',
    `DefaultEndpointsProtocol=https;AccountName=app;AccountKey=${ACCOUNT_KEY};EndpointSuffix=core.windows.net`,
    ACCOUNT_KEY,
  ],
  [
    'a connection of Service Bus',
    `Endpoint=sb://app.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=${base64(43, 57)}=`,
    base64(43, 57),
  ],
  ['libpq', `host=db.internal user=app password=${WORD} dbname=app`, WORD],
  [
    'a presigned address',
    `GET https://b.s3.amazonaws.com/k?X-Amz-Security-Token=${DRAWN}&X-Amz-Signature=${hex(64, 58)} 403`,
    DRAWN,
    hex(64, 58),
  ],
  [
    'a shared access signature',
    `https://app.blob.core.windows.net/c/b?sv=2022-11-02&sig=${drawn(43, 59)}%3D`,
    drawn(43, 59),
  ],

  // Headers
  ['Bearer', `> Authorization: Bearer ${DRAWN}`, DRAWN],
  ['Bearer without a header', `got 401 with Bearer ${DRAWN}.`, DRAWN],
  ['Basic', `Authorization: Basic ${encode(`app:${WORD}`)}`, encode(`app:${WORD}`)],
  ['Basic without a header', `proxy wants Basic ${encode(`user:${WORD}`)}`, encode(`user:${WORD}`)],
  ['a header in JSON', `{"headers":{"authorization":"token ${DRAWN}","accept":"*/*"}}`, DRAWN],
  ['a header of curl', `curl -H 'Authorization: ApiKey ${DRAWN}' https://api.example`, DRAWN],
  [
    'a signature of AWS',
    `Authorization: AWS4-HMAC-SHA256 Credential=x/20260301/eu-central-1/ecs/aws4_request, Signature=${hex(64, 61)}`,
    hex(64, 61),
  ],
  ['X-Api-Key', `x-api-key: ${DRAWN}`, DRAWN],
  ['cookies', `Cookie: theme=dark; sid=${HEX}; user=${WORD}`, HEX, WORD],
  ['a cookie that is set', `< Set-Cookie: connect.sid=s%3A${DRAWN}; Path=/; HttpOnly`, DRAWN],
  ['cookies in JSON', `{"cookie":"theme=dark; sid=${HEX}"}`, HEX],

  // Private keys
  ['a private key', RSA.join('\n'), ...bodyOf(RSA)],
  ['a private key in a log', `loading key:\n${PKCS8.join('\r\n')}\ndone`, ...bodyOf(PKCS8)],
  ['a private key as one line', `KEY="${OPENSSH.join('\\n')}"`, ...bodyOf(OPENSSH)],
  ['a private key with spaces', `SIGNING=${PKCS8.join(' ')}`, ...bodyOf(PKCS8)],
  [
    'a private key in JSON',
    JSON.stringify({ type: 'service_account', private_key: `${PKCS8.join('\n')}\n` }),
    ...bodyOf(PKCS8),
  ],
  ['a private key without its end', RSA.slice(0, 4).join('\n'), ...RSA.slice(1, 4)],
  [
    'one that breaks off in a line',
    `${RSA.slice(0, 3).join('\\n')}\\n${RSA[3]?.slice(0, 9)}`,
    ...RSA.slice(1, 3),
    RSA[3]?.slice(0, 9) ?? '',
  ],
  [
    'a private key without its beginning',
    `…${RSA[2]?.slice(20)}\n${RSA.slice(3).join('\n')}\nexit`,
    ...RSA.slice(3, -1),
    RSA[2]?.slice(20) ?? '',
  ],
  ['a line of a private key alone', RSA[2] ?? '', RSA[2] ?? ''],

  // Bare tokens by what is around them
  [
    'a token of Telegram in an address',
    `https://api.telegram.org/bot${token('Telegram bot token')}/getMe`,
    token('Telegram bot token'),
  ],
  ['an account of Twilio with its token', `401 for ${'A'}C${hex(32, 130)}:${hex(32, 131)}`, hex(32, 131)],
  [
    'the middle of a private key, escaped',
    `${base64(20, 132)}\\n${base64(64, 133)}\\n${base64(64, 134)}`,
    base64(64, 133),
    base64(64, 134),
  ],
  [
    'the middle of a private key, joined',
    `…${base64(20, 132)} ${base64(400, 135)} …`,
    base64(400, 135),
    base64(400, 135).slice(100, 140),
  ],
  ['a private key in Base64', `TLS: ${encode(RSA.join('\n'))}`, encode(RSA.join('\n')).slice(40, 400)],
  [
    'an address in Base64',
    `data: ${encode(`postgres://app:${WORD}@db.internal/app`)}`,
    encode(`postgres://app:${WORD}@db.internal/app`),
  ],
  ['a user and a password in Base64', `auth ${encode(`app:${WORD}`)}`, encode(`app:${WORD}`)],
  ['Base64 in Base64', encode(encode(`DB_PASSWORD=${WORD}`)), encode(encode(`DB_PASSWORD=${WORD}`))],
  [
    'a JSON web key',
    JSON.stringify({ kty: 'EC', crv: 'P-256', x: drawn(43, 136), d: drawn(43, 137) }),
    drawn(43, 137),
  ],
  [
    'a JSON web key in JSON',
    JSON.stringify(JSON.stringify({ kty: 'oct', k: drawn(43, 138) })),
    drawn(43, 138),
  ],

  // More pairs
  ['a pass', `auth: { user: 'app', pass: '${WORD}' }`, WORD],
  ['a pass of a form', `user=app&pass=${WORD}`, WORD],
  ['a short pw', `DB_PW=${WORD}`, WORD],
  ['a token that is called PAT', `GH_PAT=${HEX}`, HEX],
  ['a text of Rust', `Config { password: Some("${WORD}"), port: 80 }`, WORD],
  ['a secret of Rust', `Config { token: Some(Secret("${WORD}")) }`, WORD],
  ['a secret of Python', `Settings(password=SecretStr('${WORD}'))`, WORD],
  ['a text in three quotes', `password = """it's "${WORD}"""`, WORD],
  ['var_dump of PHP', `["password"]=>\n  string(12) "${WORD}"`, WORD],
  ['an object under its name', `{"password":{"value":"${WORD}"}}`, WORD],
  ['an element of XML with attributes', `<password type="text">${WORD}</password>`, WORD],
  ['an element of XML on separate lines', `<ns:password>\n  ${WORD}\n</ns:password>`, WORD],
  ['XML in JSON of Go', `"\\u003cpassword\\u003e${WORD}\\u003c/password\\u003e"`, WORD],
  ['a block of YAML', `password: |\n  ${WORD}\nport: 80`, WORD],
  ['a line of YAML below', `db:\n  api_key:\n    ${DRAWN}\n  port: 80`, DRAWN],
  ['a header as a pair', `headers=[('X-Api-Key', '${DRAWN}')]`, DRAWN],
  ['headers one after the other', `rawHeaders: [ 'Host', 'x', 'X-Auth-Token', '${DRAWN}' ]`, DRAWN],
  ['colours in JSON', `{"message":"\\u001b[32mpassword\\u001b[39m=${WORD}"}`, WORD],
  ['wide signs', `password：${WORD}`, WORD],
  ['a space that does not break', `password:\u00a0${WORD}`, WORD],
  ['an escaped space', `deploy --password correct\\ ${WORD}`, WORD],
  ['the environment of a container', `"Env":["PORT=80","DB_PASSWORD=correct ${WORD}","A=b"]`, WORD],
  ['one that a shell prints', `+ export 'DB_PASSWORD=correct ${WORD}'`, WORD],

  // More commands
  ['mysql with quotes', `mysql -u root -p'correct ${WORD}' app`, WORD],
  ['mongosh', `mongosh --host db -u app -p ${WORD}`, WORD],
  ['the Azure CLI', `az login --service-principal -u app -p ${WORD}`, WORD],
  ['ldapsearch', `ldapsearch -x -D cn=app -w ${WORD}`, WORD],
  ['openssl', `openssl rsa -passin pass:${WORD} -in key`, WORD],
  ['curl without a space', `curl -uapp:${WORD} https://ci.example`, WORD],
  ['curl with quotes', `curl -u "app:correct ${WORD}" https://ci.example`, WORD],
  ['mysql as a list', `"Cmd":["mysql","-uroot","-p${WORD}"]`, WORD],
  ['curl as a list', `['/usr/bin/curl', '-u', 'app:${WORD}', 'https://ci.example']`, WORD],
  ['keytool', `keytool -list -storepass ${WORD}`, WORD],
  ['SQL on several lines', `CREATE USER app\n  IDENTIFIED BY '${WORD}'`, WORD],
  [
    'SQL of MySQL on several lines',
    `ALTER  USER app\nIDENTIFIED WITH caching_sha2_password\n BY '${WORD}'`,
    WORD,
  ],
  ['SQL of Oracle', `CREATE DATABASE LINK old CONNECT TO app IDENTIFIED BY '${WORD}'`, WORD],
  ['SQL of MySQL', `CREATE USER app IDENTIFIED WITH mysql_native_password BY "it's ${WORD}"`, WORD],
  ['a trace of PHP', `#0 db.php(3): PDO->__construct('mysql:host=db', 'root', '${WORD}')`, WORD],
  ['a parameter', `{"Name":"/p/x","Type":"SecureString","Value":"correct ${WORD}","Version":1}`, WORD],
  ['an optional of Swift', `Config(password: Optional("${WORD}"))`, WORD],

  // More addresses
  ['an address with brackets', `mysql://app:a<b>c${WORD}@db/app`, WORD],
  ['an address with a backquote', `mysql://app:a\`${WORD}@db/app`, WORD],
  ['an address of a user with an e-mail address', `postgres://ann@example.com:${WORD}@db/app`, WORD],
  ['an address without scheme', `connecting to app:${WORD}@db.internal:5432/app`, WORD],
  ['a token with an empty password', `https://${DRAWN}:@api.example/v1`, DRAWN],
  ['a token of GitHub as user', `https://${hex(40, 139)}:x-oauth-basic@github.com/a/b`, hex(40, 139)],
  ['an address in a percent code', `url=postgres%3A%2F%2Fapp%3A${WORD}%40db%2Fapp`, WORD],
  [
    'a webhook of Slack for governments',
    `https://hooks.slack-gov.com/${'services'}/T01234567/B01234567/${drawn(24, 55)}`,
    drawn(24, 55),
  ],
  ['a connection of .NET with spaces', `Server=db;Password=correct ${WORD};Encrypt=true`, WORD],

  // What ECS says
  [
    'a stopped reason',
    `ResourceInitializationError: failed to validate logger args: Options: splunk-token=${HEX}: exit status 1`,
    HEX,
  ],
  [
    'a reason of a container',
    `CannotStartContainerError: Error response from daemon: OCI runtime create failed: exec: "serve --api-key ${DRAWN}": executable file not found in $PATH`,
    DRAWN,
  ],
  [
    'a reason with an address',
    `CannotPullContainerError: Error response from daemon: Get "https://robot:${WORD}@registry.example/v2/": unauthorized`,
    WORD,
  ],
];

export const TAINTED: readonly Tainted[] = [
  ...Object.entries(TOKENS).map(([what, secret]) => ({
    what,
    text: `level=error msg="refused: ${secret}"`,
    secrets: [secret],
  })),
  ...[...LINES, ...NOTATIONS, ...STATEMENTS].map(([what, text, ...secrets]) => ({ what, text, secrets })),
];

/** A row for `it.each`. */
export type Case = readonly [what: string, text: string, secrets: readonly string[]];

export const CASES: readonly Case[] = TAINTED.map(({ what, text, secrets }) => [what, text, secrets]);
