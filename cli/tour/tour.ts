import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCloud } from '../../local/cloud.ts';
import { packageStack } from '../../local/package.ts';
import { configurationFile, loadConfiguration } from '../../shared/config/load.ts';
import type { App, Configuration } from '../../shared/domain/app.ts';
import { duration } from '../../shared/domain/duration.ts';
import { stackName } from '../../stack/names.ts';
import { connectionFor } from '../connection.ts';
import { exitCode, Failure } from '../failure.ts';
import { type Style, styleFor } from '../style.ts';
import type { Surroundings } from '../surroundings.ts';
import { parseTour, type TourOptions, usage } from './arguments.ts';
import { cardRenderer } from './card.ts';
import { controlAt } from './control.ts';
import { legend } from './frame.ts';
import { DECLARATION, showFromNothing } from './fromNothing.ts';
import { type Screen, screenOn } from './screen.ts';
import { type Stage, showRelease } from './story.ts';
import { judge, summary } from './summary.ts';

const root = join(import.meta.dirname, '..', '..');
/** Of the example application, which the tour shows. */
const repository = 'web-app';
const patience = 180_000;

const labels = (revision: string, title: string) => ({
  'org.opencontainers.image.revision': revision,
  'org.opencontainers.image.source': 'https://github.com/example/web-app',
  'org.opencontainers.image.authors': 'platform@example.com',
  'org.opencontainers.image.description': title,
});
const initial = {
  tag: '1.0.0',
  platforms: ['linux/amd64'],
  labels: labels('0c1d2e3f405162738495a6b7c8d9e0f102132435', 'The first version'),
  content: 'the web app, 1.0.0',
};
const good = {
  tag: '1.1.0',
  platforms: ['linux/amd64'],
  labels: labels('4f9c2e1b7a3d5f60918273645546372819a0b1c2', 'Orders can be searched by customer'),
  content: 'the web app, 1.1.0',
};
const bad = {
  tag: '1.2.0',
  platforms: ['linux/amd64'],
  labels: labels('b81d04f7c2e96a5130fedcba9876543210abcdef', 'Read the payment settings at start'),
  content: 'the web app, 1.2.0',
};
const crash = {
  image: 'web-app:1.2.0',
  for: 'service',
  exit: { after: '3s', code: 1 },
  logs: [
    'web-app 1.2.0 starting on port 8080',
    'Error: PAYMENT_URL is not set',
    '    at readSettings (/app/settings.js:14:11)',
  ],
};

/**
 * The guided tour, from packaging to the summary. Returns an exit code; never throws and never hangs.
 * @param interrupted aborted by Ctrl-C
 */
export async function tour(
  argv: readonly string[],
  around: Surroundings,
  interrupted: AbortSignal,
): Promise<number> {
  const style = styleFor(around.out.isTTY ?? false, around.env);
  const moving = (around.out.isTTY ?? false) && around.env.TERM !== 'dumb';
  const screen = screenOn(around.out, moving, style);
  try {
    const options = parseTour(argv);
    if (options.help) {
      screen.say(usage);
      return exitCode.done;
    }
    return await guide(options, around, interrupted, screen, style);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    screen.keep();
    around.err.write(`${style.bad('The tour ended early:')} ${message}\n`);
    return error instanceof Failure ? error.exit : exitCode.failed;
  }
}

async function guide(
  options: TourOptions & { readonly portGiven: boolean },
  around: Surroundings,
  interrupted: AbortSignal,
  screen: Screen,
  style: Style,
): Promise<number> {
  const started = Date.now();
  const late = AbortSignal.timeout(patience);
  const signal = AbortSignal.any([interrupted, late]);
  screen.say(
    `${style.bold('Fairway')}: push an image, and it goes live. Everything here happens on this machine.\n`,
  );
  try {
    const file = configurationFile(around.directory, around.env);
    const configuration = loadConfiguration(file);
    const packaged = packageStack(root, signal, file);
    await timed('package', 'package the functions, as for AWS', screen, style, packaged);
    const cloud = await timed(
      'cloud',
      `start an empty local cloud at ${options.speed} times real time`,
      screen,
      style,
      start(configuration, options),
    );
    const card = cardRenderer(style, () => around.out.columns);
    try {
      const ended = await perform(configuration, cloud.url, signal, screen, style, card, started);
      screen.say(nextStep(style));
      const stays = (around.out.isTTY ?? false) && !options.exit;
      if (stays) await stay(exampleApp(configuration.apps), cloud.url, interrupted, screen, style);
      return ended ? exitCode.done : exitCode.failed;
    } finally {
      await Promise.race([cloud.stop(), sleep(5_000)]);
    }
  } catch (error) {
    if (interrupted.aborted) throw new Error('interrupted', { cause: error });
    if (late.aborted)
      throw new Error(`the tour did not end within ${duration(patience)}: the last state is above`, {
        cause: error,
      });
    throw error;
  }
}

async function perform(
  configuration: Configuration,
  url: string,
  signal: AbortSignal,
  screen: Screen,
  style: Style,
  card: Stage['card'],
  started: number,
): Promise<boolean> {
  const control = controlAt(url, signal);
  while (!(await control.ready())) await sleep(100, undefined, { signal });
  const app = exampleApp(configuration.apps);
  const connection = await connectionFor(
    { json: false, local: url },
    { installation: () => ({ stack: stackName(configuration) }), env: {} },
  );
  const stage: Stage = { app, control, connection, screen, style, card, signal };

  screen.say(`\n${style.bold('1. From nothing')}: no cluster, no repository, no service`);
  await showFromNothing(initial, stage);
  screen.say(`\n${style.bold('2. A good image')}   ${style.dim(legend)}`);
  const first = await showRelease(good, stage);
  screen.say(`${style.bold('3. An image that crashes')}: its containers exit with code 1 after 3 s`);
  await control.behave(crash);
  const second = await showRelease(bad, stage);

  const checks = judge(first, second);
  for (const line of summary([first, second], checks, Date.now() - started, style)) screen.say(line);
  return checks.every(({ ok }) => ok);
}

function exampleApp(apps: readonly App[]): App {
  const app = apps.find(
    ({ image, cluster, services }) =>
      image.repository === repository && cluster === 'app-prod' && services[0]?.name === repository,
  );
  if (app) return app;
  throw new Error(
    `the tour shows the service app-prod/${repository} of the repository "${repository}", as ${DECLARATION} declares it, which fairway.yml no longer has: try yours with "npm run local"`,
  );
}

async function start(configuration: Configuration, options: TourOptions & { readonly portGiven: boolean }) {
  const packageDirectory = join(root, '.serverless');
  const settings = { configuration, packageDirectory, speed: options.speed, empty: true };
  try {
    return await startCloud({ ...settings, port: options.port });
  } catch (error) {
    if (options.portGiven || !(error instanceof Error) || !/EADDRINUSE|taken|in use/i.test(error.message))
      throw error;
    return startCloud({ ...settings, port: 0 });
  }
}

async function timed<T>(
  key: string,
  name: string,
  screen: Screen,
  style: Style,
  work: Promise<T>,
): Promise<T> {
  const began = Date.now();
  const show = () =>
    screen.draw('', [{ key, text: `  ${style.accent('◐')} ${name}`, time: duration(Date.now() - began) }]);
  show();
  const timer = setInterval(show, 250);
  try {
    const result = await work;
    screen.draw('', [{ key, text: `  ${style.good('✓')} ${name}, ${duration(Date.now() - began)}` }]);
    return result;
  } catch (error) {
    screen.draw('', [{ key, text: `  ${style.bad('✗')} ${name}` }]);
    throw error;
  } finally {
    clearInterval(timer);
    screen.keep();
  }
}

/** The next steps, for people who want this for their own services. */
function nextStep(style: Style): string {
  return `
${style.bold('Next')}, for your own services:

  1. describe them in fairway.yml, and check it:   npm run fairway -- check
  2. check it against your AWS account:            npm run fairway -- verify
  3. deploy the stack; this changes no service:    npm run deploy
  4. to create or change services as above:        npm run fairway -- plan

See docs/getting-started.md for details and for what it needs in your AWS account.`;
}

async function stay(
  app: App,
  url: string,
  interrupted: AbortSignal,
  screen: Screen,
  style: Style,
): Promise<void> {
  const push = JSON.stringify({ repository: app.image.repository, tag: '1.3.0', platforms: ['linux/amd64'] });
  screen.say(`
The local cloud stays up at ${style.accent(url)}. Push another image:

  curl -s ${url}/_local/push -d '${push}'

and see what happens to it:

  npm run fairway -- status ${app.name} --local ${url}
  npm run fairway -- why ${app.name}:1.3.0 --local ${url}
  curl -s ${url}/_local/messages

Ctrl-C ends it.`);
  // The signal's listener alone does not keep the process alive.
  const alive = setInterval(() => {}, 60_000);
  await new Promise<void>((resolve) => {
    if (interrupted.aborted) return resolve();
    interrupted.addEventListener('abort', () => resolve(), { once: true });
  });
  clearInterval(alive);
}
