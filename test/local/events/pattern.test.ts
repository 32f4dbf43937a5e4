import type { JsonObject } from '../../../local/contract.ts';
import { compilePattern } from '../../../local/events/pattern.ts';

const event: JsonObject = {
  source: 'aws.ecs',
  'detail-type': 'ECS Task State Change',
  resources: ['arn:aws:ecs:us-east-1:123456789012:task/prod/abc'],
  detail: {
    group: 'service:web',
    stopCode: 'EssentialContainerExited',
    desired: 3,
    cpu: 0.5,
    healthy: true,
    missing: null,
    empty: [],
    address: '10.1.2.3',
    address6: '2001:db8::1',
    tags: ['blue', 'canary'],
    containers: [
      { name: 'web', exitCode: 1 },
      { name: 'log', exitCode: 0, reason: 'OutOfMemory' },
    ],
    network: { subnet: 'subnet-1' },
  },
};

const matches = (pattern: JsonObject): boolean => compilePattern(pattern)(event);
const detail = (pattern: JsonObject): boolean => matches({ detail: pattern });

describe('an event pattern', () => {
  it('requires every field, and one of the values of each', () => {
    expect(matches({ source: ['aws.ecs', 'aws.ecr'], detail: { group: ['service:web'] } })).toBe(true);
    expect(matches({ source: ['aws.ecs'], detail: { group: ['service:api'] } })).toBe(false);
    expect(matches({ source: ['aws.ecs'], nothing: ['like this'] })).toBe(false);
  });

  it.each<[string, JsonObject, boolean]>([
    ['a number', { desired: [3] }, true],
    ['a number as text', { desired: ['3'] }, false],
    ['a boolean', { healthy: [true] }, true],
    ['null', { missing: [null] }, true],
    ['null where there is nothing', { absent: [null] }, false],
    ['prefix', { group: [{ prefix: 'service:' }] }, true],
    ['prefix without case', { group: [{ prefix: { 'equals-ignore-case': 'SERVICE:' } }] }, true],
    ['prefix of another', { group: [{ prefix: 'family:' }] }, false],
    ['prefix of a number', { desired: [{ prefix: '3' }] }, false],
    ['suffix', { stopCode: [{ suffix: 'Exited' }] }, true],
    ['suffix without case', { stopCode: [{ suffix: { 'equals-ignore-case': 'EXITED' } }] }, true],
    ['equals-ignore-case', { group: [{ 'equals-ignore-case': 'SERVICE:WEB' }] }, true],
    ['equals-ignore-case of another', { group: [{ 'equals-ignore-case': 'SERVICE' }] }, false],
    ['wildcard', { group: [{ wildcard: 'ser*:w*b' }] }, true],
    ['wildcard that covers nothing', { group: [{ wildcard: 'service:web*' }] }, true],
    ['wildcard with an escaped star', { group: [{ wildcard: 'service:\\*' }] }, false],
    ['anything-but one', { group: [{ 'anything-but': 'service:api' }] }, true],
    ['anything-but this one', { group: [{ 'anything-but': 'service:web' }] }, false],
    ['anything-but several', { group: [{ 'anything-but': ['a', 'service:web'] }] }, false],
    ['anything-but a number', { desired: [{ 'anything-but': [1, 2] }] }, true],
    ['anything-but a prefix', { group: [{ 'anything-but': { prefix: 'service:' } }] }, false],
    ['anything-but prefixes', { group: [{ 'anything-but': { prefix: ['a', 'b'] } }] }, true],
    ['anything-but a suffix', { group: [{ 'anything-but': { suffix: ':web' } }] }, false],
    [
      'anything-but without case',
      { group: [{ 'anything-but': { 'equals-ignore-case': ['SERVICE:WEB'] } }] },
      false,
    ],
    ['anything-but a wildcard', { group: [{ 'anything-but': { wildcard: '*:w*' } }] }, false],
    ['anything-but where there is nothing', { absent: [{ 'anything-but': 'x' }] }, false],
    ['numeric', { desired: [{ numeric: ['>', 0, '<=', 3] }] }, true],
    ['numeric, out of range', { desired: [{ numeric: ['>', 3] }] }, false],
    ['numeric equality', { cpu: [{ numeric: ['=', 0.5] }] }, true],
    ['numeric of text', { group: [{ numeric: ['>', 0] }] }, false],
    ['exists', { group: [{ exists: true }] }, true],
    ['exists on null', { missing: [{ exists: true }] }, true],
    ['exists on nothing', { absent: [{ exists: true }] }, false],
    ['exists on an object, which is no leaf', { network: [{ exists: true }] }, false],
    ['exists on an empty array', { empty: [{ exists: true }] }, false],
    ['does not exist', { absent: [{ exists: false }] }, true],
    ['does not exist, below what does not exist', { absent: { deep: [{ exists: false }] } }, true],
    ['does not exist, though it does', { group: [{ exists: false }] }, false],
    ['one of two matchers', { absent: ['x', { exists: false }] }, true],
    ['cidr', { address: [{ cidr: '10.0.0.0/8' }] }, true],
    ['cidr of another net', { address: [{ cidr: '10.2.0.0/16' }] }, false],
    ['cidr, IPv6', { address6: [{ cidr: '2001:db8::/32' }] }, true],
    ['cidr of text', { group: [{ cidr: '10.0.0.0/8' }] }, false],
  ])('%s: %j is %j', (_name, pattern, expected) => {
    expect(detail(pattern)).toBe(expected);
  });

  describe('on an array of the event', () => {
    it('needs one element', () => {
      expect(detail({ tags: ['canary'] })).toBe(true);
      expect(detail({ tags: ['green'] })).toBe(false);
      expect(matches({ resources: [{ prefix: 'arn:aws:ecs:us-east-1:' }] })).toBe(true);
    });

    it('anything-but needs one element that differs', () => {
      expect(detail({ tags: [{ 'anything-but': 'blue' }] })).toBe(true);
      expect(detail({ tags: [{ 'anything-but': ['blue', 'canary'] }] })).toBe(false);
    });

    it('requires fields below objects to match in one element', () => {
      expect(detail({ containers: { name: ['web'], exitCode: [1] } })).toBe(true);
      expect(detail({ containers: { name: ['web'], exitCode: [0] } })).toBe(false);
    });

    it('finds a field absent only when no element has it', () => {
      expect(detail({ containers: { reason: [{ exists: false }] } })).toBe(false);
      expect(detail({ containers: { signal: [{ exists: false }] } })).toBe(true);
    });
  });

  describe('with $or', () => {
    const either = (...alternatives: JsonObject[]): JsonObject => ({ $or: alternatives });

    it('requires one alternative in addition to the other fields', () => {
      const alternatives = either({ stopCode: ['X'] }, { group: [{ prefix: 'service:' }] });
      expect(detail(alternatives)).toBe(true);
      expect(detail({ desired: [1], ...alternatives })).toBe(false);
      expect(detail(either({ stopCode: ['X'] }, { desired: [4] }))).toBe(false);
    });

    it('can be nested, and be at the top', () => {
      const inner = either({ detail: either({ desired: [9] }, { desired: [3] }) }, { source: ['x'] });
      expect(matches(inner)).toBe(true);
    });
  });

  it.each<[string, JsonObject, string]>([
    ['a bare value', { detail: { group: 'service:web' } }, 'detail.group: must be an array or an object'],
    ['an empty array', { detail: { group: [] } }, 'detail.group: an empty array'],
    ['an empty object', { detail: {} }, 'detail: an empty object'],
    ['an array in an array', { a: [['b']] }, 'a.0: an array cannot contain an array'],
    ['an unknown operator', { a: [{ like: 'b' }] }, 'a.0: unknown operator like'],
    ['two operators in one', { a: [{ prefix: 'b', suffix: 'c' }] }, 'a.0: must have exactly one operator'],
    ['$or of one', { $or: [{ a: ['b'] }] }, '$or: must be an array of at least two'],
    ['exists as text', { a: [{ exists: 'true' }] }, 'a.0.exists: must be true or false'],
    ['a wrong comparison', { a: [{ numeric: ['!', 1] }] }, 'a.0.numeric: unknown comparison'],
    ['an empty range', { a: [{ numeric: ['>', 2, '<', 1] }] }, 'a.0.numeric: two comparisons'],
    ['a number too large', { a: [{ numeric: ['>', 6e9] }] }, 'a.0.numeric: expected a number within'],
    ['no address block', { a: [{ cidr: '10.0.0.0' }] }, 'a.0.cidr: not an address block'],
    ['consecutive stars', { a: [{ wildcard: 'b**' }] }, 'a.0.wildcard: consecutive *'],
    ['a stray backslash', { a: [{ wildcard: 'b\\c' }] }, 'a.0.wildcard: a \\ must be'],
    ['anything-but true', { a: [{ 'anything-but': true }] }, 'a.0.anything-but: takes strings and numbers'],
    [
      'anything-but numeric',
      { a: [{ 'anything-but': { numeric: ['=', 1] } }] },
      'numeric cannot be excluded',
    ],
    ['more than 2,048 characters', { a: ['x'.repeat(2048)] }, 'exceed EventBridge'],
  ])('is refused with %s', (_name, pattern, message) => {
    expect(() => matches(pattern)).toThrow(message);
  });
});
