/** Points for what a line is; of each table the first row that matches counts. */
export interface Mark {
  /** What such lines are. */
  readonly what: string;
  readonly pattern: RegExp;
  readonly points: number;
  /** A line of the kind, for the reader and for the tests. */
  readonly example: string;
}

/** Below this a line says nothing, and is not quoted. */
export const SILENT = -100;

/** Lines that are never the reason: they surround it, or follow from it. */
export const NOISE: readonly Mark[] = [
  { what: 'blank, or a rule', pattern: /^[\s#=*_|~^+.▕│─-]*$/, points: SILENT, example: '***********' },
  {
    what: 'a frame of Node.js, Java or .NET',
    pattern: /^\s*at (?!least|most|this)\S+/,
    points: SILENT,
    example: '    at Module._compile (node:internal/modules/cjs/loader:1521:14)',
  },
  {
    what: 'a frame of Python',
    pattern: /^\s*File "[^"]*", line \d+/,
    points: SILENT,
    example: '  File "/app/main.py", line 1, in <module>',
  },
  {
    what: 'a frame of Ruby',
    pattern: /^(?:\s*from )?\S+\.rb:\d+:in [`'][^`']*'$|^\s*from \S+:\d+/,
    points: SILENT,
    example: "/app/lib/db.rb:80:in `connect'",
  },
  {
    what: 'a frame of PHP',
    pattern:
      /^#\d+ (?:\S+\(\d+\)|\{main\}|\[internal)|^\s+\+\d+ vendor frames|^\s*(?:➜\s*)?\d+▕|^Stack trace:|^\s*thrown in /,
    points: SILENT,
    example: '#0 /app/src/Db.php(12): PDO->__construct()',
  },
  {
    what: 'a frame of Go',
    pattern:
      /^goroutine \d+|^\t\S+\.(?:go|s):\d+|^[\w./*()-]+\.[\w.*()[\]{}]+\((?:0x|\.\.\.|\{)[^)]*\)?|^created by |^\[signal SIG/,
    points: SILENT,
    example: '\t/src/internal/db/open.go:20 +0x1d',
  },
  {
    what: 'a frame of Rust',
    pattern: /^\s+\d+: (?:0x|[\w<]+::)|^\s+at (?:\/rustc|src)\/|^stack backtrace:/,
    points: SILENT,
    example: '   3: core::panicking::panic_fmt',
  },
  {
    what: 'the rest of a trace',
    pattern:
      /^\s*\.{3} \d+ (?:more|common)|^\s*--- End of |^\s*\[Previous line repeated|^Traceback \(most recent|^The above exception was|^During handling of the above|^Require stack:|^- \/\S+$|^Emitted '?error'? event|^Node\.js v\d|^triggerUncaught|^<--- |^\s*\d+: 0x[\da-f]+ |^\s*-{3,}(?!>)/,
    points: SILENT,
    example: 'The above exception was the direct cause of the following exception:',
  },
  {
    what: 'a member of an object',
    pattern:
      /^\s*[}\])]|^\s+["']?[\w[\].-]+["']?: (?:['"[{\d-]|undefined|null|true|false|Map\(|Set\(|TopologyDescription)|^\s*\[?[\w ]+\]?: [[{]$/,
    points: SILENT,
    example: "  severity: 'FATAL',",
  },
  {
    what: 'a line of source code',
    pattern:
      /^\s*(?:throw|raise|return|const|let|var|function|import|from|class|def|if|await)\b.*[;:({)]$|^\s*\^+\s*$|^\S+\.[cm]?[jt]s:\d+(?::\d+)?$|^(?:node|file):\S+:\d+$|^LINE \d+: /,
    points: SILENT,
    example: '    throw new Error(missing(name));',
  },
  {
    what: 'an access log',
    pattern:
      /"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) [^"]*(?:HTTP\/[\d.]+|")|^(?:\S+ ){0,4}(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/\S* (?:HTTP\/\S+ )?\d{3}\b/,
    points: SILENT,
    example: '10.0.0.1 - - "GET /errors/not-found HTTP/1.1" 404 12',
  },
  {
    what: 'a pointer to more',
    pattern:
      /^\s*(?:\(|#\s*)?(?:for (?:more|further) |learn more|read more|more info|see (?:also|https?:|the (?:doc|log))|background on|please (?:check|refer to) the doc|need more flex|if you are sure|to see a list|a complete log|an error report file|note: (?:run|some)|hint: |potential solutions|action:|description:|details can be|try(?:ing)? again|use `node --trace)|^\s*\(?(?:See|Use) .{0,80}(?:--trace|trace|--log-level)|^\s*#?\s*(?:https?:\/\/|\/)\S+\s*$|^Tasks: TOP/i,
    points: SILENT,
    example: '(Background on this error at: https://sqlalche.me/e/20/f405)',
  },
  {
    what: 'what is no failure',
    pattern:
      /\b(?:no|0|zero|without(?: an?y?)?) (?:errors?|failures?|failed)\b|\b0 failed\b|\bignor(?:ed|ing)\b|\bcontinu(?:ed|ing)\b|\bskipp(?:ed|ing)\b|\boptional\b|\brecovered (?:from|after)\b|\bcaught and\b|\bexpected\b.*(?:Error|Exception)|\bwas restarted\b|\brestarted after\b|\bwill (?:be )?(?:retr|reported)|\bretrying\b|\bhandled\b|\bdeprecat|Warning: /i,
    points: -70,
    example: 'metrics: failed to flush 1 metric (statsd unreachable), ignored',
  },
  {
    what: 'a farewell',
    pattern:
      /\b(?:exiting|shutting down|shut down|shutdown|graceful|goodbye|drain(?:ing|ed)|stopping|stopped|unregistered|clos(?:ing|ed) (?:listener|pool|server|connection|database|all)|(?:SIGTERM|SIGINT|SIGQUIT)\b|interrupted|cancell?ed|worker exiting|was sent SIG|reason: worker failed to boot|crash dump is being|dropping data)\b/i,
    points: -75,
    example: '[ERROR] Shutting down: Master',
  },
  {
    what: 'the exit of a child',
    pattern:
      /^(?:exit status|error command failed|command failed)|exited with code|exit code|ELIFECYCLE|terminated with|Lifecycle script|did not exit normally|Kernel pid terminated|erl_crash/i,
    points: -45,
    example: '[ERROR] Worker (pid:7) exited with code 3',
  },
  {
    what: 'what a package manager says of itself',
    pattern:
      /^(?:npm|yarn|pnpm)\s+(?:ERR!|error|warn|notice)(?!.*(?:Missing script|Error: |E[A-Z]{4,}: ))|^\s*>\s/i,
    points: -70,
    example: 'npm error path /app',
  },
  {
    what: 'help',
    pattern: /^\s+-{1,2}[\w-]+[ =<,]|^(?:usage|flags|options|commands|for example):/i,
    points: SILENT,
    example: '      --port int   port',
  },
  {
    what: 'settings that are printed',
    pattern: /^\W{0,2}[\w .-]{1,40}: ?\{.*\}$/,
    points: -60,
    example: 'config: { "errorReporting": true }',
  },
  {
    what: 'a cause that only repeats',
    pattern:
      /\bUnrecoverable error:|One or more errors occurred|Migrations have failed validation|Application run failed|Exception encountered during context/i,
    points: -30,
    example: 'CRITICAL Unrecoverable error: KombuError',
  },
];
