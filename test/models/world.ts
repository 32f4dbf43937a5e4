import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cloud, startCloud } from '../../local/cloud.ts';
import { writeZip } from '../local/lambda/zips.ts';
import { resources, writePackage } from '../local/stack/fixture.ts';

/** A function that answers what it gets, or fails with `{"fail": "…"}`. */
const HANDLER = `
export const handler = async (event) => {
  if (event?.fail) throw new TypeError(event.fail);
  return { event };
};
`;

export const FUNCTION = 'fairway-image-pushed';
export const TABLE = 'fairway-prod-Table';

/** An empty local cloud with a table, a topic, a queue, a rule and a function. `stop` ends it and clears up. */
export async function startWorld(seed = 1): Promise<Cloud> {
  const made = resources();
  const packageDirectory = await writePackage({ Resources: quiet(made) });
  await writeZip(join(packageDirectory, 'image-pushed.zip'), {
    'functions/image-pushed/handler.mjs': HANDLER,
  });
  const configuration = { environment: 'test', channels: {}, apps: [] };
  const cloud = await startCloud({
    port: 0,
    empty: true,
    seed,
    speed: 'max',
    configuration,
    packageDirectory,
  });
  return {
    ...cloud,
    async stop() {
      await cloud.stop();
      await rm(packageDirectory, { recursive: true, force: true });
    },
  };
}

/** Without what starts functions automatically, and with a name for the table. */
function quiet(made: ReturnType<typeof resources>): ReturnType<typeof resources> {
  const { Schedule1: _, Rule1, Table, PushedRole, ...rest } = made;
  const logs = { Effect: 'Allow', Action: 'logs:*', Resource: '*' };
  const Policies = [{ PolicyName: 'inline', PolicyDocument: { Statement: [logs] } }];
  const properties = { ...Object(Table?.Properties), TableName: TABLE };
  return {
    ...rest,
    PushedRole: { ...PushedRole, Properties: { ...Object(PushedRole?.Properties), Policies } },
    Rule1: { ...Rule1, Properties: { ...Object(Rule1?.Properties), State: 'DISABLED' } },
    Table: { ...Table, Properties: properties },
  };
}
