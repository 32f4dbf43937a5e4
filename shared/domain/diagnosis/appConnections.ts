import { type AppRow, name, to } from './appRow.ts';

const REACH =
  'Check the host and port in the configuration, that the server listens there, and that its security group allows the security group of the task.';
const CREDENTIALS =
  'Check the user and password in the secret that the task uses: compare them with the server, and start new tasks after a rotation, since containers read secrets only at their start.';

/** Other systems that the application cannot reach, or that do not let it in. */
export const CONNECTIONS: readonly AppRow[] = [
  {
    kind: 'clock',
    pattern:
      /Signature (?:expired|not yet current)|RequestTimeTooSkewed|clock skew|not yet valid.*certificate|certificate is not yet valid|token (?:is )?(?:used before|not active yet)/i,
    means: () => 'a signature or certificate is not valid at this time, so a clock may be wrong',
    advice:
      'Check the clock of the container instance (chrony), and whether the credentials or the certificate have expired.',
    example:
      'InvalidSignatureException: Signature expired: 20261101T100000Z is now earlier than 20261101T101500Z',
  },
  {
    kind: 'taskRoleDenied',
    pattern:
      /assumed-role\/([^/\s]+)\/\S*.*?is not authorized to perform:? ([\w-]+:\w+)(?:.*?on (?:resource|the resource):? ?"?(arn:[^\s"]+))?/i,
    means: (found) =>
      `role ${name(found, 'of the task')} may not ${name(found, 'do that', 2)}${found[3] ? ` on ${found[3]}` : ''}`,
    advice: (found) =>
      `Allow ${name(found, 'the action', 2)} in the policy of that role, usually the task role (taskRoleArn), and check the policy of the resource.`,
    example:
      'AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/web-task/0123 is not authorized to perform: dynamodb:DescribeTable on resource: arn:aws:dynamodb:us-east-1:111122223333:table/orders',
  },
  {
    kind: 'taskRoleDenied',
    pattern:
      /\b(?:AccessDeniedException|AccessDenied|UnauthorizedOperation)\b|Unable to locate credentials|Could not load credentials from any providers|CredentialsProviderError|NoCredentialProviders|Unable to load credentials from any of the providers/,
    means: () => 'AWS refused a call of the application, or the task has no role to make it with',
    advice:
      'Check that the task definition names a task role (taskRoleArn), and that its policy allows the call.',
    example: 'botocore.exceptions.NoCredentialsError: Unable to locate credentials',
  },
  {
    kind: 'tls',
    pattern:
      /no pg_hba\.conf entry.*(?:no encryption|SSL off)|insecure transport|require_secure_transport|SSL connection is required|server requires (?:encryption|SSL|TLS)|must use (?:SSL|TLS)|SSL is required|SECURE_TRANSPORT_REQUIRED|rejected.*plaintext/i,
    means: () =>
      'the server accepts only connections with TLS, and the application connects without it (no encryption)',
    advice:
      'Turn on TLS in the connection settings (sslmode=require, ssl=true), with the CA bundle of the server.',
    example: 'error: no pg_hba.conf entry for host "10.0.2.166", user "app", database "app", no encryption',
  },
  {
    kind: 'tls',
    pattern:
      /SSL is not enabled on the server|server does not support SSL|does not support (?:SSL|TLS) connections/i,
    means: () => 'the application demands TLS, and the server does not offer it',
    advice:
      'Turn on TLS at the server, or turn it off in the connection settings (sslmode=disable) where the network is trusted.',
    example: 'error: pq: SSL is not enabled on the server',
  },
  {
    kind: 'connectionsExhausted',
    pattern:
      /remaining connection slots|too many (?:clients already|connections)|max_user_connections|max number of clients reached|53300|ER_CON_COUNT_ERROR/i,
    means: () => 'the server takes no more connections',
    advice:
      'Lower the size of the connection pools (tasks of both revisions connect during a rollout), raise max_connections, or put a proxy in front (RDS Proxy, PgBouncer).',
    example: 'FATAL:  sorry, too many clients already',
  },
  {
    kind: 'tls',
    pattern:
      /self[- ]signed certificate|certificate verify failed|CERT_VERIFY_FAILED|unable to (?:verify the first|get local issuer) certificate|UNABLE_TO_(?:VERIFY_LEAF|GET_ISSUER)\w*|x509: |PKIX path building failed|certificate (?:has expired|signed by unknown)|CERT_HAS_EXPIRED|SSLHandshakeException|RemoteCertificate\w+|hostname.{0,40}(?:doesn't|does not) match.*cert/i,
    means: () =>
      'the certificate of the server is not trusted (self-signed, expired, or from an unknown authority)',
    advice:
      "Give the application the CA bundle of the server (for RDS the global bundle of AWS), or renew the server's certificate.",
    example: 'Error: self-signed certificate in certificate chain',
  },
  {
    kind: 'loginRefused',
    pattern:
      /password authentication failed|Access denied for user|Login failed for user|(?:no )?pg_hba\.conf entry|NOAUTH|WRONGPASS|invalid username-password|Authentication (?:failed|required|plugin)|AuthenticationFailed|authentication failure|SaslAuthentication\w*|ACCESS[-_]REFUSED|ORA-01017|bad auth|Invalid API [Kk]ey|invalid credentials|role "[^"]+" does not exist|ER_ACCESS_DENIED\w*|28P01|incorrect api key|not authorized on \w+ to execute|\b401 Unauthorized\b/i,
    means: (_, address) =>
      `${address === undefined ? 'a server' : address} refused its user, password or key`,
    advice: CREDENTIALS,
    example: 'error: password authentication failed for user "shop"',
  },
  {
    kind: 'connectionFailed',
    pattern:
      /ENOTFOUND|EAI_AGAIN|getaddrinfo|could not translate host name|Name or service not known|no such host|Temporary failure in name resolution|UnknownHostException|Unknown (?:MySQL )?server host|host not found in upstream|could not resolve (?!placeholder)|Name does not resolve|No address associated|nodename nor servname|php_network_getaddresses|failed to lookup address|No resolvable bootstrap|:nxdomain|nxdomain/i,
    means: (_, address) => `the name ${address ?? 'of a host'} cannot be resolved`,
    advice:
      "Check the host's name in the configuration, its DNS record (private hosted zone, Cloud Map), and DNS support of the VPC.",
    example: 'Error: getaddrinfo ENOTFOUND cache.internal',
  },
  {
    kind: 'connectionFailed',
    pattern:
      /ECONNREFUSED|econnrefused|connection refused|actively refused|Connection to \S+ refused|ConnectionRefused|target machine .*refused|SQLSTATE\[(?:08006|HY000)\] ?\[(?:2002|7)\]/i,
    means: (_, address) => `its connection${to(address)} was refused`,
    advice: REACH,
    example: 'Error: connect ECONNREFUSED 10.0.0.3:5432',
  },
  {
    kind: 'connectionFailed',
    pattern:
      /ETIMEDOUT|ETIMEOUT|connect(?:ion)? tim(?:ed?[ -]?|e[ -]?)out|(?:dial|connect).*(?:i\/o timeout|timed out)|Connection timed out|ConnectTimeout|timeout expired|PoolTimedOut|pool timed out|Server selection timed out|timed out (?:after|while).*(?:connect|server)|timeout (?:exceeded when trying to|while waiting for a?n? ?)connect|Unable to acquire JDBC Connection|Connection is not available, request timed out/i,
    means: (_, address) => `its connection${to(address)} timed out`,
    advice: `Nothing answered in time. ${REACH} If the server is there, check the size of the connection pool and the load of the database. Check the route from the subnet of the task.`,
    example: 'Error: connect ETIMEDOUT 10.0.3.4:5432',
  },
  {
    kind: 'connectionFailed',
    pattern:
      /Can't (?:reach|connect to) (?:database|MySQL|local MySQL)|(?:could not|cannot|can't|unable to|failed to) connect|Communications link failure|ENETUNREACH|EHOSTUNREACH|No route to host|Network is unreachable|ECONNRESET|Connection reset|connection\b.{0,40}\b(?:lost|closed|reset)|MongooseServerSelectionError|MongoServerSelectionError|ServerSelectionTimeoutError|NoBrokersAvailable|Broker (?:may not|transport failure)|Connection to .* failed|ConnectionNotEstablished|Error when performing the request to|fetch failed|socket hang up|server closed the connection|ConnectionError\b|Failed to (?:construct kafka|update metadata)|Unable to open JDBC Connection|Unable to obtain connection/i,
    means: (_, address) => `it could not connect${to(address)}`,
    advice: `${REACH} A host outside the VPC needs a route to the Internet (NAT gateway or public IP); what is fetched at the start is better put into the image.`,
    example: "PrismaClientInitializationError: Can't reach database server at `db.internal:5432`",
  },
];
