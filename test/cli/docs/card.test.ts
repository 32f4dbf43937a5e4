import { renderCard } from '../../../cli/docs/card.ts';
import { width } from '../../../cli/docs/cardText.ts';
import { renderSlack } from '../../announce/rendered.ts';
import { aHostileStory, STORIES } from '../../announce/situations.ts';

const plain = { width: 40, colour: false };
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const inner = (card: string) =>
  card
    .split('\n')
    .slice(1, -1)
    .map((line) => line.replace(/^[│├] ?| ?[│┤]$/g, '').trimEnd());

describe('renderCard', () => {
  it('draws header, section, fields, context and divider', () => {
    const blocks = [
      { type: 'header', text: { type: 'plain_text', text: '✅ web v12 is *live*' } },
      section('one\ntwo'),
      {
        type: 'section',
        fields: ['*App*\nweb', '*Where*\nproduction', 'odd'].map((text) => ({ type: 'mrkdwn', text })),
      },
      { type: 'divider' },
      { type: 'context', elements: [{ type: 'mrkdwn', text: '47 s · <https://x.example|logs>' }] },
      { type: 'video' },
    ];
    expect(renderCard({ text: 'not shown', blocks }, plain)).toBe(
      [
        '╭──────────────────────────────────────╮',
        '│ ✅ web v12 is *live*                 │',
        '│ one                                  │',
        '│ two                                  │',
        '│ App                Where             │',
        '│ web                production        │',
        '│ odd                                  │',
        '├──────────────────────────────────────┤',
        '│ 47 s · logs                          │',
        '╰──────────────────────────────────────╯',
      ].join('\n'),
    );
  });

  it.each([
    ['links by their label', 'see <https://x.example/?a=1&amp;b|the page>', 'see the page'],
    ['bare links', '<https://x.example>', 'https://x.example'],
    ['emphasis', '*Why:* _it_ ~never~ `ran`', 'Why: it never ran'],
    ['entities', 'a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
    ['stars and underscores inside words', '2*3*4 of web_app_1', '2*3*4 of web_app_1'],
    ['markup inside code', '`*no*`', '*no*'],
  ])('shows %s', (_, text, expected) => {
    expect(inner(renderCard([section(text)], plain))).toEqual([expected]);
  });

  it('keeps the lines of a code block', () => {
    expect(inner(renderCard([section('Why\n```line *one*\nline two```\nNow')], plain))).toEqual([
      'Why',
      'line *one*',
      'line two',
      'Now',
    ]);
  });

  it('breaks long lines at spaces, and long words where the card ends', () => {
    const words = inner(renderCard([section(`${'word '.repeat(10)}${'x'.repeat(50)}`)], plain));
    expect(words[0]).toBe('word word word word word word word');
    expect(words.join('')).toContain('x'.repeat(50));
  });

  it('colours only when asked to', () => {
    const text = section('*Why:* <https://x.example|page> `code`');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
    const escapes = /\u001b\[\d+m/g;
    const coloured = renderCard([text], { width: 40, colour: true });
    expect(coloured).toContain('\u001b[1mWhy:\u001b[22m');
    expect(coloured.replace(escapes, '')).toBe(renderCard([text], plain));
    expect(renderCard([text], plain)).not.toMatch(escapes);
  });

  it.each([...Object.entries(STORIES), ['hostile', aHostileStory()] as const])(
    'is a straight frame around a release that is %s',
    (_, story) => {
      const message = renderSlack(story);
      for (const columns of [30, 61, 88]) {
        const lines = renderCard(message, { width: columns, colour: false }).split('\n');
        expect(new Set(lines.map(width))).toEqual(new Set([columns]));
      }
    },
  );

  it('does not let a message command the terminal', () => {
    const card = renderCard([section('a\u001b[2Jb\u0007\rc')], plain);
    expect(inner(card)).toEqual(['a[2Jbc']);
  });

  it('shows the text of a reply, and an empty card for nonsense', () => {
    expect(inner(renderCard({ text: 'details', thread_ts: '1.2' }, plain))).toEqual(['details']);
    for (const nonsense of [undefined, null, 7, { blocks: 'no' }, [{ type: 'section', text: 3 }]]) {
      expect(inner(renderCard(nonsense, plain))).toEqual([]);
    }
  });
});

describe('width', () => {
  it.each([
    ['abc', 3],
    ['✅', 2],
    ['é', 1],
    ['e\u0301', 1],
    ['店', 2],
    ['⚠️', 2],
    ['→☐▶✓✗│', 6],
  ])('of %s is %d', (text, columns) => {
    expect(width(text)).toBe(columns);
  });
});
