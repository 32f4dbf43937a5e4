/** Which commands exist, how each is written, and the options that only it takes. */
export const commands: Readonly<
  Record<string, { readonly usage: string; readonly own: readonly string[]; readonly about: string }>
> = {
  status: { usage: 'status [APP]', own: [], about: 'what runs, what is under way, what is held' },
  releases: {
    usage: 'releases APP [--limit N]',
    own: ['limit'],
    about: 'the last releases and how they ended',
  },
  show: {
    usage: 'show APP [vN]',
    own: [],
    about: 'show a release: steps, cause, log lines, commit, links; without vN the newest',
  },
  why: {
    usage: 'why APP[:TAG]',
    own: [],
    about: 'show what became of a pushed image, and why; without TAG of the newest push',
  },
  deploy: {
    usage: 'deploy APP [TAG] [--wait] [--despite-hold --reason TEXT]',
    own: ['despite-hold', 'reason', 'wait', 'yes'],
    about: 'release an image now, also one that failed before',
  },
  rollback: {
    usage: 'rollback APP [to vN|TAG] [--wait]',
    own: ['wait', 'yes'],
    about: 'go back to what was live before, and hold the app',
  },
  hold: { usage: 'hold APP --reason TEXT', own: ['reason'], about: 'let nothing deploy until resumed' },
  resume: {
    usage: 'resume APP [--discard-waiting]',
    own: ['discard-waiting'],
    about: 'lift a hold, and start what waits',
  },
  cancel: { usage: 'cancel APP', own: [], about: 'end the open release and put back what it changed' },
  run: {
    usage: 'run APP TASK [--detach] [-- COMMAND …]',
    own: ['detach'],
    about: 'run a task on the image that is live, show what it writes, and end with its exit code',
  },
  runs: {
    usage: 'runs [TASK|RUN] [--app APP] [--limit N]',
    own: ['app', 'limit'],
    about: 'the last runs of tasks and how they ended; all about one where there is only one',
  },
  follow: {
    usage: 'follow APP RUN',
    own: [],
    about: 'show what a run writes, named by its id or its task, and end with its exit code',
  },
  stop: { usage: 'stop APP RUN', own: [], about: 'stop a run, named by its id or its task' },
  announce: {
    usage: 'announce --test [CHANNEL]',
    own: ['test'],
    about: 'send a test message to the channels, as the functions send it',
  },
  redrive: {
    usage: 'redrive',
    own: [],
    about: 'take up the events that were parked after failing, of all apps',
  },
  check: {
    usage: 'check',
    own: [],
    about: 'check fairway.yml without an AWS account, and list every mistake',
  },
  verify: {
    usage: 'verify',
    own: [],
    about: 'check fairway.yml against your AWS account, and list every difference',
  },
  help: { usage: 'help [COMMAND]', own: [], about: 'this' },
  version: { usage: 'version', own: [], about: 'which Fairway this is' },
};
