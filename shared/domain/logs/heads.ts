import type { Mark } from './noise.ts';

/** How runtimes begin the line that says why. */
export const HEADS: readonly Mark[] = [
  {
    what: 'a panic of Go',
    pattern: /^(?:panic|fatal error): /,
    points: 55,
    example: 'panic: assignment to entry in nil map',
  },
  {
    what: 'a panic of Rust',
    pattern: /^thread '[^']*'.* panicked at /,
    points: 45,
    example: "thread 'main' panicked at src/main.rs:14:38: no such file",
  },
  {
    what: 'what was not caught',
    pattern:
      /^\W*(?:un(?:caught|handled)\b|PHP Fatal error:|Fatal error:|FATAL ERROR:|fatal:)|\bUnhandled (?:exception|error|rejection)\b|^Process terminated\./i,
    points: 48,
    example: 'Unhandled exception. System.InvalidOperationException: no configuration',
  },
  {
    what: 'an inner exception of .NET',
    pattern: /^\s*---> /,
    points: 42,
    example: ' ---> System.InvalidOperationException: no configuration',
  },
  {
    what: 'the cause of an exception',
    pattern: /^\s*(?:Caused by|Details|Reason|Context): \S/i,
    points: 34,
    example: 'Caused by: java.net.ConnectException: Connection refused',
  },
  {
    what: 'an exception',
    pattern:
      /^\s*(?:Exception in thread "[^"]*" )?(?:bundler: |npm error )?[A-Za-z_][\w.$\\:]*(?:Error|Exception|Failure|Fault|Timeout|Exit|Locked|NotFound|Missing|NotEstablished|History|Conflict|NotAvailable|Invalid|Refused|Denied)\w*(?: \[[\w -]+\])?(?: \([^)]*\))?:/,
    points: 32,
    example: "ModuleNotFoundError: No module named 'flask'",
  },
  {
    what: 'an exception of Elixir',
    pattern: /^\*\* \(\w/,
    points: 40,
    example: '** (RuntimeError) environment variable DATABASE_URL is missing.',
  },
  {
    what: 'what a tool says first',
    pattern: /^\W{0,3}(?:error|failed|fatal|invalid|cannot|could not|unable to)\b/i,
    points: 30,
    example: 'FAILED: Multiple head revisions are present',
  },
  {
    what: 'what a shell says',
    pattern: /^(?:\/\S+|-?(?:ba|da|a|z)?sh): (?:line )?(?:\d+: )?/,
    points: 25,
    example: '/bin/sh: 1: ./start.sh: Permission denied',
  },
];

/** Words of trouble: at most one counts. */
export const WORDS =
  /\berrors?\b|\w+(?:Error|Exception)\b|\bexception\b|\bfatal\b|\bpanic|\bfail(?:ed|ure|s)?\b|\brefused\b|\bdenied\b|\bcannot\b|\bcan't\b|\bcan’t\b|\bcould ?n[o'’]t\b|\bunable\b|\bnot (?:found|set|defined|permitted|allowed|supported|exist|specified|recognized|configured)\b|\bno such\b|\bmissing\b|\binvalid\b|\bundefined\b|\btim(?:ed?[ -]?|e[ -]?)out\b|\bunhandled\b|\babort|\bsegmentation\b|\bwon['’]t\b|\bmust\b|\brequire[sd]?\b|\balready\b|\bmismatch\b|\bexpired\b|\bunbound\b|\binsufficient\b|\bunknown\b|\bexceeded\b|\bexhausted\b|\bread-only\b|\bdirty\b|\billegal\b|\bsubstitution\b|\bsyntax\b|\bkilled\b|\bdependency\b|\binconsistent|\bconflict|\btoo (?:many|few|old|large)\b|\bno more\b|\bclosed\b|\black(?:s|ing)\b|\bneeds?\b|\bunreachable\b|\blocked\b|\bno longer\b|\bdoes not\b|\bdoesn['’]t\b|\bno (?:\w+ ){1,4}(?:has been|have been|is|was) /i;

/** Codes of the system, in capitals: ECONNREFUSED, EACCES. */
export const CODES = /\bE[A-Z]{4,}\b/;
