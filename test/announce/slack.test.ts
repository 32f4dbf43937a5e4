import type { KnownBlock } from '@slack/types';
import { renderSlack } from './rendered.ts';
import { aHostileStory, aService, aStory, aStoryOf, news, STORIES } from './situations.ts';

describe('a Slack message', () => {
  it.each(Object.entries(STORIES))('names app, environment, number, images and place: %s', (_, story) => {
    const said = JSON.stringify(renderSlack(story).blocks);
    for (const fact of ['web v', 'production', '1.1.0 (', '1.2.0 (', '→', '123456789012 eu-central-1']) {
      expect(said).toContain(fact);
    }
    expect(said).toContain('https://eu-central-1.console.aws.amazon.com/ecs/v2/clusters/app-prod');
  });

  it('names commit, author and trigger', () => {
    const said = JSON.stringify(renderSlack(aStory({ trigger: { kind: 'deploy', who: 'bob' } })).blocks);
    expect(said).toContain(
      '<https://github.com/example/web-app/commit/4be1f0cb7cb0e1a1c9d1b5b7a3f2e6d8c9b0a1f2|4be1f0cb7>',
    );
    expect(said).toContain('Ann Example &lt;ann@example.com&gt;');
    expect(said).toContain('deployed by bob');
  });

  it.each([
    ['failed, rolled back', 'Everything was rolled back to 1.1.0.', 'web-app:10 at 3/3 tasks'],
    ['failed before anything changed', 'No service was changed: 1.1.0 still runs.', 'exited with code 3'],
    ['rollback failed', 'ROLLBACK FAILED: web-app.', 'web-app:10 at 1/3 tasks'],
    ['failed, left to a person', 'Nothing was rolled back: a person must decide.', 'web-app:11 at 1/3 tasks'],
  ])('says why, what runs now and what to do: %s', (name, back, runs) => {
    const { blocks, text } = renderSlack(aStoryOf(name));
    const said = JSON.stringify(blocks);
    expect(said).toContain('*Why:*');
    expect(said).toContain('Essential container in task exited');
    expect(said).toContain(back);
    expect(said).toContain(runs);
    expect(said).toContain('*To do:*');
    // A notification on a phone shows the text, not the blocks.
    expect(text).toContain(back);
    expect(text).toMatch(/exited with code \d/);
  });

  it('escapes what others have written', () => {
    const { blocks, text, replies } = renderSlack(aHostileStory());
    const markup = [text, ...replies.map((reply) => reply.text), ...textsOf(blocks, 'mrkdwn')];
    for (const one of markup) {
      expect(one.replace(/<https:\/\/[^<>|\s]+\|[^<>|]+>/g, '')).not.toMatch(/[<>]/);
      expect(one).not.toMatch(/&(?!amp;|lt;|gt;)/);
      expect(one.split('```').length % 2).toBe(1);
    }
  });
});

describe('the thread', () => {
  it.each([
    ['rolling', []],
    ['live', ['d']],
    ['rolling back', ['w']],
    ['failed, rolled back', ['w', 'e!']],
    ['rollback failed', ['w', 'e!']],
    ['superseded', ['w', 'e!']],
    ['cancelled by a person', ['w', 'e']],
  ])('of a release that is %s', (name, expected) => {
    const keys = renderSlack(aStoryOf(name)).replies.map(({ key, broadcast }) =>
      broadcast ? `${key}!` : key,
    );
    expect(keys).toEqual(expected);
  });

  it('says in the channel what runs now, service by service', () => {
    const [, end] = renderSlack(aStoryOf('rollback failed')).replies;
    expect(end?.text).toContain('web-app: ROLLBACK FAILED, runs web-app:10 at 1/3 tasks');
    expect(end?.text).toContain('worker: rolled back, runs worker:4 at 2/2 tasks');
  });

  it('shows what exactly is live', () => {
    const [details] = renderSlack(aStoryOf('live')).replies;
    expect(details?.text).toMatch(/^Digest: sha256:[0-9a-f]{64}$/m);
    expect(details?.text).toMatch(
      /web-app: on the new revision, 3\/3 tasks, web-app:10 → <https:[^|]+\/task-definitions\/web-app\/11\/[^|]+\|web-app:11>/,
    );
  });
});

describe("Slack's limits", () => {
  const many = Array.from({ length: 50 }, (_, index) => aService('back', { service: `service-${index}` }));
  it.each([
    ['hostile and long', aHostileStory()],
    ['hostile, long and live', aHostileStory({ outcome: { kind: 'live', reason: '' } })],
    ['of 50 services', { ...aStoryOf('failed, rolled back'), services: many }],
    ['about an app', news({ sentence: '<&> '.repeat(5_000) })],
    ['without steps', aStory({ steps: [], services: [], notes: [] })],
    ...Object.entries(STORIES),
  ])('are kept by an announcement %s', (_, announcement) => {
    const { text, blocks, replies } = renderSlack(announcement);
    expect(text.length).toBeGreaterThan(0);
    expect(text.length).toBeLessThanOrEqual(4_000);
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(blocks).length).toBeLessThan(13_000);
    for (const block of blocks) expect(faultsOf(block)).toEqual([]);
    for (const reply of replies) expect(reply.text.length).toBeLessThanOrEqual(4_000);
  });

  it('never cut a link in two', () => {
    const said = textsOf(renderSlack(aHostileStory()).blocks, 'mrkdwn').join('\n');
    expect(said.split('<').length).toBe(said.split('>').length);
  });
});

function faultsOf(block: KnownBlock): string[] {
  const long = (what: string, text: string, most: number) =>
    text.length < 1 || text.length > most ? [`${what} of ${text.length}`] : [];
  switch (block.type) {
    case 'header':
      return long('header', block.text.text, 150);
    case 'section':
      return [
        ...long('section', block.text?.text ?? '', 3_000),
        ...((block.fields ?? []).length > 10 ? ['fields'] : []),
      ];
    case 'context':
      return block.elements.flatMap((element) =>
        'text' in element ? long('context', element.text, 2_000) : [],
      );
    default:
      return [`a ${block.type}`];
  }
}

function textsOf(blocks: readonly KnownBlock[], type: string): string[] {
  return blocks.flatMap((block) => {
    if (block.type === 'section') return block.text?.type === type ? [block.text.text] : [];
    if (block.type !== 'context') return [];
    return block.elements.flatMap((element) =>
      element.type === type && 'text' in element ? [element.text] : [],
    );
  });
}
