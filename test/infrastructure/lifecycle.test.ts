import {
  headroomOf,
  imageIn,
  type Pushes,
  type RepositoryImage,
  removalsBy,
} from '../../shared/infrastructure/lifecycle.ts';
import { rulesOf } from '../../shared/infrastructure/lifecycleRules.ts';
import { START } from '../builders.ts';

/** One rule, as JSON. */
function rule(rulePriority: number, selection: object, type = 'expire') {
  return { rulePriority, selection, action: { type } };
}

function count(countNumber: number, selection: object = { tagStatus: 'any' }) {
  return { ...selection, countType: 'imageCountMoreThan', countNumber };
}

function days(countNumber: number, selection: object = { tagStatus: 'any' }) {
  return { ...selection, countType: 'sinceImagePushed', countUnit: 'days', countNumber };
}

const DAY = 24 * 3_600_000;

/** An image that was pushed so many days ago. */
function image(digest: string, age: number, tags: readonly string[], more = {}): RepositoryImage {
  return { digest, tags, pushedAt: START - age * DAY, ...more };
}

function removed(rules: readonly ReturnType<typeof rule>[], images: readonly RepositoryImage[]) {
  const read = rulesOf(JSON.parse(JSON.stringify({ rules })));
  expect(read.faults).toEqual([]);
  return removalsBy(read.rules, images, START).map(({ digest, rule }) => `${digest} by ${rule}`);
}

const prod = { tagStatus: 'tagged', tagPrefixList: ['prod'] };
const beta = { tagStatus: 'tagged', tagPrefixList: ['beta'] };
/** The images of the examples in the ECR user guide. */
const guide = [
  image('A', 10, ['beta-1', 'prod-1']),
  image('B', 9, ['beta-2', 'prod-2']),
  image('C', 8, ['beta-3']),
];

describe('a lifecycle policy removes', () => {
  test.each([
    ['the oldest images above a count', [rule(1, count(2))], ['A by 1']],
    ['images above an age', [rule(1, days(8))], ['A by 1', 'B by 1']],
    ['nothing exactly as old as the age', [rule(1, days(10))], []],
    [
      'nothing of a rule of higher priority, also not what that keeps',
      [rule(1, count(1, prod)), rule(2, count(1, beta))],
      ['A by 1'],
    ],
    [
      'an image once, by the rule of higher priority',
      [rule(2, count(1, prod)), rule(1, count(1, beta))],
      ['A by 1', 'B by 1'],
    ],
    ['nothing that a rule does not select', [rule(1, days(1, { tagStatus: 'untagged' }))], []],
  ])('%s', (_, rules, expected) => {
    expect(removed(rules, guide)).toEqual(expected);
  });

  test('images with a tag for each prefix', () => {
    const both = { tagStatus: 'tagged', tagPrefixList: ['prod', 'beta'] };
    expect(removed([rule(1, days(1, both))], guide)).toEqual(['A by 1', 'B by 1']);
  });

  test.each([
    ['1.*', ['1.2.0'], true],
    ['1.*', ['v1.2.0'], false],
    ['*-rc*', ['1.2.0-rc.1'], true],
    ['1*2*', ['1.2'], true],
    ['ab*ba', ['aba'], false],
    ['a*b*c', ['abc'], true],
    ['a*b*c', ['acb'], false],
    ['1.2', ['1x2'], false],
    ['main', ['main-2'], false],
    ['main', ['main'], true],
  ])('by the pattern %s an image with the tags %j: %s', (pattern, tags, isRemoved) => {
    const selection = { tagStatus: 'tagged', tagPatternList: [pattern] };
    expect(removed([rule(1, days(1, selection))], [image('A', 2, tags)])).toHaveLength(isRemoved ? 1 : 0);
  });

  test('no image that an index names, as long as the index stays', () => {
    const untagged = [rule(1, days(1, { tagStatus: 'untagged' }))];
    const child = image('child', 9, [], { referencedBy: ['index'] });
    expect(removed(untagged, [image('index', 9, ['1.0.0']), child])).toEqual([]);
    expect(removed(untagged, [image('index', 9, []), child])).toEqual(['index by 1', 'child by 1']);
    expect(removed(untagged, [child])).toEqual(['child by 1']);
  });

  test('from the archive only what a rule selects there', () => {
    const archived = image('A', 90, ['1'], { isArchived: true, archivedAt: START - 31 * DAY });
    const inArchive = { tagStatus: 'any', storageClass: 'archive', countType: 'sinceImageTransitioned' };
    expect(removed([rule(1, days(1))], [archived])).toEqual([]);
    expect(removed([rule(1, { ...inArchive, countNumber: 30 })], [archived])).toEqual(['A by 1']);
  });

  test('to the archive what was not pulled for some days', () => {
    const unpulled = { tagStatus: 'any', countType: 'sinceImagePulled', countNumber: 30 };
    const read = rulesOf(JSON.parse(JSON.stringify({ rules: [rule(1, unpulled, 'transition')] })));
    const images = [
      image('A', 90, ['1'], { pulledAt: START - 31 * DAY }),
      image('B', 90, ['2'], { pulledAt: START - DAY }),
      image('C', 90, ['3'], { activatedAt: START - DAY }),
      image('D', 90, ['4']),
    ];
    expect(removalsBy(read.rules, images, START)).toEqual([
      { digest: 'A', does: 'archive', rule: 1 },
      { digest: 'D', does: 'archive', rule: 1 },
    ]);
  });
});

describe('the headroom of a live image', () => {
  const release: Pushes = { tags: ['1.9.0'], moving: [] };
  const images = [image('old', 3, ['1.7.0']), image('live', 2, ['1.8.0']), image('newest', 1, ['1.9.0'])];
  const untagged = { tagStatus: 'untagged' };

  function headroom(rules: readonly object[], pushes: Pushes) {
    const read = rulesOf(JSON.parse(JSON.stringify({ rules })));
    return headroomOf(new Set(['live']), read.rules, images, pushes, START);
  }

  test.each([
    ['of a count', [rule(1, count(10))], release, { pushes: 9 }],
    ['of a count that it is above', [rule(1, count(1))], release, { pushes: 0, days: 0 }],
    ['of an age', [rule(1, days(30))], release, { days: 28 }],
    ['of both', [rule(1, count(5, prod)), rule(2, days(30))], release, { days: 28 }],
    ['of a rule for other tags', [rule(1, count(2, prod))], release, {}],
    [
      'that loses its moving tag to the next push',
      [rule(1, count(3, untagged))],
      { tags: ['1.8.0'], moving: ['1.8.0'] },
      { pushes: 4 },
    ],
  ])('%s', (_, rules, pushes, expected) => {
    expect(headroom(rules, pushes)).toEqual(expected);
  });
});

test('the images of a pushed index count', () => {
  const images = [image('a', 3, []), image('b', 3, []), image('live', 2, ['1.8.0'], { isIndex: true })];
  const { rules } = rulesOf(JSON.parse(JSON.stringify({ rules: [rule(1, count(10))] })));
  const pushes: Pushes = { tags: ['1.8.0'], moving: [] };
  expect(headroomOf(new Set(['live']), rules, images, pushes, START)).toEqual({ pushes: 4 });
});

describe('a policy that ECR refuses', () => {
  test.each([
    [
      [rule(1, count(1)), rule(2, count(1, prod))],
      'rule 1: the tagStatus any needs the highest rulePriority',
    ],
    [[rule(1, count(1, beta)), rule(1, count(1, prod))], 'rule 1: rulePriority is used twice'],
    [[rule(1, count(1, prod)), rule(2, count(2, prod))], 'two rules select the same images'],
    [[rule(1, count(0))], 'rule 1: countNumber is not a whole number from 1'],
    [[rule(1, count(1, { tagStatus: 'tagged' }))], 'needs a tagPrefixList or a tagPatternList'],
    [[rule(1, count(1, { ...prod, tagPatternList: ['*'] }))], 'exclude each other'],
    [[rule(1, count(1, { tagStatus: 'tagged', tagPatternList: ['*1*2*3*4*'] }))], 'more than 4 wildcards'],
    [[rule(1, count(1, { tagStatus: 'some' }))], 'tagStatus is none of tagged, untagged, any'],
  ])('%#: %j', (rules, expected) => {
    expect(rulesOf(JSON.parse(JSON.stringify({ rules }))).faults.join()).toContain(expected);
  });
});

test('an image is read from DescribeImages', () => {
  const detail = { imageDigest: 'sha256:1', imageTags: ['1'], imagePushedAt: 10, lastRecordedPullTime: 20 };
  expect(imageIn({ ...detail, imageStatus: 'ARCHIVED', lastArchivedAt: 30 })).toEqual({
    digest: 'sha256:1',
    tags: ['1'],
    pushedAt: 10_000,
    pulledAt: 20_000,
    archivedAt: 30_000,
    isArchived: true,
  });
  expect(imageIn({ imageDigest: 'sha256:2' })).toEqual({ digest: 'sha256:2', tags: [], pushedAt: 0 });
});
