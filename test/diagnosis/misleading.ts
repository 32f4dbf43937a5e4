import type { Case, Expected } from './judging.ts';
import * as noise from './noise.ts';
import type { Situation, Stopped } from './stage.ts';

/** Inputs that look like a cause and are none: what may not be said of them. */

let count = 0;
type Wanted = readonly [kind: string, words: readonly string[], not: readonly string[]];

function asCase(truth: string, [kind, words, not]: Wanted, situation: Situation): Case {
  count += 1;
  const expected: Expected = { kind, words, not };
  return { id: `mislead-${count}`, truth, expected, situation };
}

/** The only container ended with code 1 and wrote these lines. */
const wrote = (truth: string, wanted: Wanted, ...lines: readonly string[]) =>
  asCase(truth, wanted, { stoppedTasks: [ended({})], logs: lines });

const ended = (more: Stopped): Stopped => ({
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  ran: 20,
  containers: [{ name: 'app', exitCode: 1 }],
  ...more,
});
const GROUP = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/denied-not-found/01';
const unhealthy = (why: string) =>
  `(service web) (port 8080) is unhealthy in (target-group ${GROUP}) due to (reason ${why}).`;
const byElb = (more: Stopped = {}): Stopped => ({
  stopCode: 'ServiceSchedulerInitiated',
  stoppedReason: `Task failed ELB health checks in (target-group ${GROUP})`,
  ran: 80,
  containers: [{ name: 'app', exitCode: 137 }],
  ...more,
});
const notStarted = (stoppedReason: string): Stopped => ({
  stopCode: 'TaskFailedToStart',
  stoppedReason,
  containers: [{ name: 'app' }],
});

const MISSING: readonly string[] = ['DATABASE_URL'];
const FATAL = 'Error: Missing required environment variable DATABASE_URL';

export const MISLEADING: readonly Case[] = [
  // Logs that quote something else
  wrote(
    'a log that quotes a failed pull',
    ['configurationMissing', MISSING, ['could not be pulled', 'CannotPull']],
    'handled event: "CannotPullContainerError: not found"',
    FATAL,
  ),
  wrote(
    'a log that quotes a failed pull after the fault',
    ['configurationMissing', MISSING, ['could not be pulled', 'image does not exist']],
    FATAL,
    'last alert: CannotPullContainerError: manifest unknown',
  ),
  wrote(
    'a worker that ran out of heap long ago',
    ['configurationMissing', MISSING, ['heap']],
    'worker 2 restarted after JavaScript heap out of memory',
    FATAL,
  ),
  wrote(
    'an access log of a class named OutOfMemoryError',
    ['portDenied', ['EACCES'], ['heap', 'memory']],
    '10.0.0.4 - - "GET /docs/java.lang.OutOfMemoryError HTTP/1.1" 404 12',
    'Error: listen EACCES: permission denied 0.0.0.0:80',
  ),
  wrote(
    'a plugin of another processor that was skipped',
    ['configurationMissing', MISSING, ['platform', 'processor']],
    'exec /usr/local/bin/plugin: exec format error',
    'plugin failed, continuing',
    FATAL,
  ),
  wrote(
    'a plugin of another processor that was skipped, below',
    ['configurationMissing', MISSING, ['platform', 'processor']],
    FATAL,
    'warn: optional exec /usr/local/bin/plugin: exec format error, ignored',
  ),
  wrote(
    'an access log with error in its path, after',
    ['configurationMissing', MISSING, ['GET /errors']],
    FATAL,
    '10.0.0.1 - - [01/Nov/2026:10:00:00 +0000] "GET /errors/fatal-panic HTTP/1.1" 500 12',
  ),
  wrote(
    'a farewell without errors',
    ['configurationMissing', MISSING, ['without error', 'no errors']],
    FATAL,
    'closed database pool without error',
    'shutdown complete, no errors',
  ),
  wrote(
    'a count of errors that is zero',
    ['configurationMissing', MISSING, ['0 errors', '0 failed']],
    FATAL,
    'summary: 0 errors, 0 failed, 3 passed',
  ),
  wrote(
    'a class named after an error, loaded at INFO',
    ['configurationMissing', MISSING, ['ErrorHandler']],
    FATAL,
    '2026-11-01 10:00:00 INFO  ErrorHandlerFactory unloaded FatalErrorHandler',
  ),
  wrote(
    'a JSON line at level info with the word error',
    ['configurationMissing', MISSING, ['error page']],
    '{"level":"fatal","msg":"Missing required environment variable DATABASE_URL"}',
    '{"level":"info","msg":"error page rendered","error":null}',
  ),
  wrote(
    'a metric that was not flushed, ignored',
    ['configurationInvalid', ['config\\.yml'], ['metric']],
    'Fatal: config.yml line 3: mapping values are not allowed here',
    'metrics: failed to flush 1 metric (statsd unreachable), ignored',
  ),
  wrote(
    'a configuration that is printed',
    ['portDenied', ['permission denied'], ['errorReporting']],
    'FATAL: cannot bind 0.0.0.0:80: permission denied',
    'config: { "errorReporting": true, "retryOnFailure": 3 }',
  ),
  wrote(
    'retries that succeeded before another fault',
    ['configurationMissing', MISSING, ['refused']],
    'WARN db: connect ECONNREFUSED 10.0.0.3:5432, retrying',
    'INFO db: connected to 10.0.0.3:5432',
    FATAL,
  ),
  wrote(
    'a user of the application who was denied',
    ['configurationMissing', MISSING, ['task role', 'not authorized']],
    'WARN user 42 is not authorized to perform: orders:Delete on resource: order 7',
    FATAL,
  ),
  wrote(
    "a customer's words in a message",
    ['configurationMissing', MISSING, ['No space left', 'disk']],
    'INFO ticket 7 subject="No space left on device when uploading"',
    FATAL,
  ),
  wrote(
    'a test that mentions exceptions',
    ['configurationMissing', MISSING, ['expected']],
    'OK test_raises: expected ConnectionRefusedError: [Errno 111] Connection refused',
    FATAL,
  ),
  wrote(
    'the stack of a warning',
    ['configurationMissing', MISSING, ['MaxListeners']],
    '(node:1) MaxListenersExceededWarning: Possible EventEmitter memory leak detected. 11 error listeners added',
    '    at _addListener (node:events:588:17)',
    FATAL,
  ),
  wrote(
    'a deprecation below the fault',
    ['configurationMissing', MISSING, ['DEP0169', 'deprecated']],
    FATAL,
    '(node:1) [DEP0169] DeprecationWarning: `url.parse()` behavior is not standardized and prone to errors',
  ),
  wrote(
    'help that is printed after the fault',
    ['configurationInvalid', ['unknown (?:flag|option)'], ['--on-error']],
    'Error: unknown flag: --prot',
    'Usage:',
    '  server [flags]',
    '',
    'Flags:',
    '      --on-error string   what to do on a fatal error (default "exit")',
    '      --port int          port',
  ),
  wrote(
    'nothing of an error at all',
    ['crash', ['code 1'], ['NotFoundPage']],
    'listening on 8080',
    'registered routes: NotFoundPage, ErrorPage',
    'bye',
  ),
  wrote(
    'a sentence that says that errors are handled',
    ['crash', ['code 1'], []],
    'errors will be reported to sentry',
    'ready',
  ),
  wrote(
    'an address of a page about errors',
    ['moduleMissing', ['requests'], ['https://docs']],
    "ModuleNotFoundError: No module named 'requests'",
    'For more information see https://docs.example.com/errors/fatal',
  ),
  wrote(
    'a level in another column',
    ['configurationMissing', MISSING, ['panic mode']],
    '[10:00:00] ERROR main - Missing required environment variable DATABASE_URL',
    '[10:00:01] DEBUG main - panic mode off, fatal=false',
  ),
  wrote(
    'an old trace that was caught, then the last one',
    ['connectionFailed', ['10\\.0\\.0\\.9:6379'], ['KeyError']],
    'ERROR caught and continued: KeyError: "x"',
    ...noise.nodeRequests(30),
    'Uncaught Error: connect ECONNREFUSED 10.0.0.9:6379',
  ),
  wrote(
    'a query that contains words of errors',
    ['schemaConflict', ['audit_failures'], ['task role']],
    "INFO SELECT * FROM audit WHERE message = 'access denied for user'",
    'FATAL: relation "audit_failures" does not exist',
  ),
  // Names
  asCase('a repository named denied', ['imageNotFound', ['does not exist'], ['denied\\.', 'was denied']], {
    stoppedTasks: [
      notStarted(
        'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.us-east-1.amazonaws.com/access-denied/401:1: 111122223333.dkr.ecr.us-east-1.amazonaws.com/access-denied/401:1: not found',
      ),
    ],
  }),
  asCase('a secret named timeout', ['secretMissing', ['does not exist'], ['could not be reached', 'NAT']], {
    stoppedTasks: [
      notStarted(
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:us-east-1:111122223333:secret:connection-timeout-AbCdEf from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.",
      ),
    ],
  }),
  asCase('a container named outofmemory', ['crash', ['code 1'], ['used more memory']], {
    stoppedTasks: [ended({ containers: [{ name: 'outofmemory-killer', exitCode: 1 }] })],
  }),
  asCase(
    'a group named not-found, targets fail with 503',
    ['targetHealth', ['503'], ['does not exist', 'denied']],
    { stoppedTasks: [byElb()], serviceEvents: [unhealthy('Health checks failed with these codes: [503]')] },
  ),
  // Stops from outside
  asCase('a person quotes AWS', ['stoppedByPerson', ['CannotPull'], ['could not be pulled']], {
    stoppedTasks: [
      {
        stopCode: 'UserInitiated',
        stoppedReason: 'CannotPullContainerError seen, trying again',
        containers: [{ name: 'app', exitCode: 143 }],
      },
    ],
  }),
  asCase('killed by the load balancer is no lack of memory', ['targetHealth', ['health check'], ['memory']], {
    stoppedTasks: [byElb()],
  }),
  asCase(
    'exit 1 on the way out of a stop by the load balancer',
    ['targetHealth', ['health check'], ['its log says "Error: interrupted']],
    {
      stoppedTasks: [byElb({ containers: [{ name: 'app', exitCode: 1 }] })],
      logs: ['INFO listening on 0.0.0.0:8080', 'Error: interrupted by SIGTERM'],
    },
  ),
  asCase(
    'asked to stop by ECS is not reported as its own end',
    ['terminated', ['ECS'], ['should have run', 'on its own']],
    {
      stoppedTasks: [
        { stopCode: 'ServiceSchedulerInitiated', containers: [{ name: 'app', exitCode: 0 }], ran: 40 },
      ],
    },
  ),
  asCase('a sidecar that failed after the app', ['crash', ['Container app'], ['datadog']], {
    stoppedTasks: [
      ended({
        containers: [
          { name: 'datadog', exitCode: 255, essential: false },
          { name: 'app', exitCode: 1 },
        ],
      }),
    ],
  }),
  asCase(
    'a sidecar with louder lines',
    ['configurationMissing', ['Container app', 'DATABASE_URL'], ['API key']],
    {
      stoppedTasks: [
        ended({
          containers: [
            { name: 'app', exitCode: 1 },
            { name: 'datadog', exitCode: 143, essential: false },
          ],
        }),
      ],
      logs: {
        app: [FATAL],
        datadog: noise.later(3_000, [
          'FATAL: API key invalid',
          'panic: cannot start',
          ...noise.datadogStop(40),
        ]),
      },
    },
  ),
  asCase('the agent of GuardDuty beside a crash', ['crash', ['Container app'], ['guardduty']], {
    stoppedTasks: [
      ended({
        containers: [
          { name: 'app', exitCode: 1 },
          { name: 'aws-guardduty-agent-x1', exitCode: 255, injected: true },
        ],
      }),
    ],
  }),
  asCase('Spot first, then a crash', ['crash', ['code 1'], ['Spot']], {
    stoppedTasks: [
      {
        stopCode: 'SpotInterruption',
        stoppedReason: 'Your Spot Task was interrupted.',
        ran: 9,
        containers: [{ name: 'app', exitCode: 143 }],
      },
      ended({ ran: 10 }),
    ],
  }),
  asCase('scaled in, then a crash', ['crash', ['code 1'], ['scale']], {
    stoppedTasks: [
      {
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)',
        containers: [{ name: 'app', exitCode: 137 }],
      },
      ended({}),
    ],
  }),
  asCase('a host that went away, then no memory', ['outOfMemory', ['memory'], ['host']], {
    stoppedTasks: [
      {
        stopCode: 'TerminationNotice',
        stoppedReason: 'Host EC2 (instance i-1) terminated.',
        containers: [{ name: 'app', exitCode: 143 }],
      },
      ended({
        containers: [
          { name: 'app', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
        ],
      }),
    ],
  }),
  asCase(
    '127 after half an hour',
    ['crash', ['127'], ['not found in the image', 'does not exist in the image']],
    { stoppedTasks: [ended({ ran: 1_800, containers: [{ name: 'app', exitCode: 127 }] })] },
  ),
  asCase('126 after half an hour', ['crash', ['126'], ['is not executable', 'chmod']], {
    stoppedTasks: [ended({ ran: 1_800, containers: [{ name: 'app', exitCode: 126 }] })],
  }),
  asCase('no memory and an unhealthy target', ['outOfMemory', ['memory'], ['load balancer']], {
    stoppedTasks: [
      byElb({
        containers: [
          { name: 'app', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
        ],
      }),
    ],
  }),
  // Events
  asCase('old events are of no account', ['none', [], []], {
    serviceEvents: [
      ['(service web) was unable to place a task. Reason: Capacity is unavailable at this time.', 120],
    ],
  }),
  asCase('old events beside a task that was asked to stop', ['terminated', ['stop'], ['capacity']], {
    stoppedTasks: [ended({ containers: [{ name: 'app', exitCode: 143 }] })],
    serviceEvents: [
      ['(service web) was unable to place a task. Reason: Capacity is unavailable at this time.', 120],
    ],
  }),
  asCase('routine events', ['none', [], []], {
    serviceEvents: [
      '(service web) has started 2 tasks: (task a) (task b).',
      '(service web) registered 1 targets in (target-group x)',
      '(service web) has reached a steady state.',
      '(service web) (deployment ecs-svc/1) deployment completed.',
    ],
  }),
  asCase('routine events of a service that is named failed-denied', ['none', [], []], {
    serviceEvents: [
      '(service failed-denied) has begun draining connections on 1 tasks.',
      '(service failed-denied) has stopped 1 running tasks: (task a).',
      '(service failed-denied) deregistered 1 targets in (target-group x)',
    ],
  }),
  asCase('a 404 in the access log is not why a crash came', ['crash', ['code 1'], ['404', 'path']], {
    stoppedTasks: [ended({})],
    logs: noise.accessLog(30),
  }),
  asCase('a probe that succeeded among others', ['targetHealth', ['health check'], ['curl']], {
    stoppedTasks: [byElb()],
    logs: [
      'INFO curl: found at /usr/bin/curl',
      'INFO listening on 0.0.0.0:8080',
      'GET /health 200 ELB-HealthChecker/2.0',
    ],
  }),
];
