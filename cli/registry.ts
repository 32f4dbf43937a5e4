import type { Command } from './command.ts';
import { announce } from './commands/announce.ts';
import { apply } from './commands/apply.ts';
import { audit } from './commands/audit.ts';
import { cancel } from './commands/cancel.ts';
import { check } from './commands/check.ts';
import { continueDeployment } from './commands/continue.ts';
import { deploy } from './commands/deploy.ts';
import { deployStack } from './commands/deployStack.ts';
import { docs } from './commands/docs.ts';
import { exec } from './commands/exec.ts';
import { follow } from './commands/follow.ts';
import { forwarding } from './commands/forwarding.ts';
import { help } from './commands/help.ts';
import { hold } from './commands/hold.ts';
import { importCommand } from './commands/import.ts';
import { init } from './commands/init.ts';
import { local } from './commands/local.ts';
import { logs } from './commands/logs.ts';
import { migrate } from './commands/migrate.ts';
import { packageCommand } from './commands/package.ts';
import { permissions } from './commands/permissions.ts';
import { plan } from './commands/plan.ts';
import { pruneRevisions } from './commands/pruneRevisions.ts';
import { redrive } from './commands/redrive.ts';
import { releases } from './commands/releases.ts';
import { restart } from './commands/restart.ts';
import { resume } from './commands/resume.ts';
import { rollback } from './commands/rollback.ts';
import { run } from './commands/run.ts';
import { runs } from './commands/runs.ts';
import { scale } from './commands/scale.ts';
import { show } from './commands/show.ts';
import { status } from './commands/status.ts';
import { stop } from './commands/stop.ts';
import { tasks } from './commands/tasks.ts';
import { verify } from './commands/verify.ts';
import { version } from './commands/version.ts';
import { why } from './commands/why.ts';

/** Every command by its name, in the order of help. */
export const commands: Readonly<Record<string, Command>> = {
  status,
  releases,
  show,
  why,
  deploy,
  rollback,
  restart,
  hold,
  resume,
  cancel,
  continue: continueDeployment,
  run,
  runs,
  follow,
  stop,
  tasks,
  logs,
  exec,
  scale,
  announce,
  redrive,
  check,
  migrate,
  verify,
  init,
  local,
  package: packageCommand,
  'deploy-stack': deployStack,
  forwarding,
  plan,
  apply,
  audit,
  'prune-revisions': pruneRevisions,
  permissions,
  import: importCommand,
  docs,
  help,
  version,
};
