import { join } from 'node:path';
import { run } from '../../cli/fairway.ts';
import { APP_TAG, STACK_TAG } from '../../shared/domain/revisionTags.ts';
import { fakeCloud, recorded } from './fake-cloud.ts';

const root = join(import.meta.dirname, '..', '..');
const DEFINITION = 'arn:aws:ecs:us-east-1:123456789012:task-definition/web-app';

/** ECS with revisions of releases that nothing uses. */
function ecs(operation: string, input: { readonly status?: string; readonly familyPrefix?: string }): object {
  switch (operation) {
    case 'ListTaskDefinitions':
      return {
        taskDefinitionArns:
          input.status === 'ACTIVE' && input.familyPrefix === 'web-app'
            ? [1, 2, 3].map((n) => `${DEFINITION}:${n}`)
            : [],
      };
    case 'DescribeTaskDefinition':
      return {
        taskDefinition: { status: 'ACTIVE', containerDefinitions: [] },
        tags: [
          { key: APP_TAG, value: 'web' },
          { key: STACK_TAG, value: 'fairway-production' },
          { key: 'fairway:release-id', value: '1' },
        ],
      };
    default:
      return {};
  }
}

/** One line with --json, and everything that it printed. */
async function json(line: string) {
  const cloud = await fakeCloud(({ path, target, body }) => {
    if (path.includes('/invocations')) return { body: JSON.stringify({ ok: true, sentence: 'done' }) };
    if (target.endsWith('.DeregisterTaskDefinition'))
      return { status: 400, headers: { 'x-amzn-errortype': 'AccessDeniedException' }, body: '{}' };
    if (path.startsWith('/schedules')) return { body: '{"Schedules":[]}' };
    if (target === '') return undefined;
    return { body: JSON.stringify(ecs(target.replace(/^.*\./, ''), JSON.parse(body || '{}'))) };
  });
  try {
    const { around, written } = recorded(root);
    const code = await run([...line.split(' '), '--json', '--local', cloud.url], around);
    return { code, document: JSON.parse(written.out), ...written };
  } finally {
    await cloud.stop();
  }
}

describe('a command with --json prints one document', () => {
  it('when it stops in the middle: prune-revisions', async () => {
    const { code, document } = await json('prune-revisions web --keep 1 --yes');
    expect({ code, document }).toEqual({
      code: 1,
      document: {
        ok: false,
        error: 'failed',
        message: expect.stringMatching(/^failed to remove old revisions: AWS denied it/),
      },
    });
  });

  it('of what it found: prune-revisions', async () => {
    const { code, document } = await json('prune-revisions web --keep 1');
    expect({ code, document }).toEqual({
      code: 0,
      document: { ok: true, deregister: [`${DEFINITION}:1`, `${DEFINITION}:2`], delete: [], removes: false },
    });
  });

  it('of what it did: scale', async () => {
    expect((await json('scale web-app 2')).document).toEqual({
      ok: true,
      sentence: expect.stringContaining('web-app is scaled to 2 tasks'),
    });
  });
});
