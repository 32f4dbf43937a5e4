import type { Command, Context } from './command.ts';
import { environmentFor, type Options } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** What an action may use of the process it runs in. Whatever is slow to load is loaded when it is first used. */
export function createContext(
  options: Options,
  commands: Readonly<Record<string, Command>>,
  around: Surroundings,
): Context {
  const requested = environmentFor(options, around);
  const file = async () => {
    const { configurationFile } = await import('../shared/config/load.ts');
    return configurationFile(around.directory, around.env, options.config);
  };
  return {
    around,
    options,
    commands,
    file,
    environment: () => requested,
    async configuration() {
      const { chosenEnvironment } = await import('../shared/config/load.ts');
      const { load } = await import('./verify/file.ts');
      const path = await file();
      return load(path, chosenEnvironment(path, requested, options.stage));
    },
    async connect(installation) {
      const { connectionFor, installationOf } = await import('./connection.ts');
      const path = await file();
      const connection = await connectionFor(options, {
        installation: installation ?? (() => installationOf(path, requested, options.stage)),
        isKnown: installation !== undefined,
        env: around.env,
      });
      const { refuseOtherAccount } = await import('./account.ts');
      await refuseOtherAccount(connection);
      return connection;
    },
    async ask(question, connection) {
      const { ask } = await import('./ask.ts');
      return ask(question, connection);
    },
  };
}
