import { parseEcrEvent } from '../../shared/intake/ecr.ts';
import { IntakeError } from '../../shared/intake/parse.ts';
import { payload, payloads } from './payloads.ts';

describe('parseEcrEvent', () => {
  it('reads a push', () => {
    expect(parseEcrEvent(payload('ecr-push'))).toEqual({
      kind: 'imagePushed',
      registry: { account: '123456789012', region: 'us-east-1' },
      repository: 'web-app',
      tag: '1.1.0',
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      at: Date.parse('2026-03-01T10:00:00Z'),
    });
  });

  it.each<[string, string]>([
    ['ecr-push', '1.1.0'],
    ['ecr-push-index', '1.1.0'],
    ['ecr-push-docker', '1.1.0'],
    ['ecr-push-docker-list', '1.1.0'],
    ['ecr-push-without-media-types', '1.1.0'],
    ['ecr-push-retag', 'stable'],
    ['ecr-replicated', '1.1.0'],
  ])('%s is a push of %s', (name, tag) => {
    const push = parseEcrEvent(payload(name));
    expect(push).toMatchObject({ kind: 'imagePushed', tag });
    expect(push).not.toHaveProperty('notAnImage');
  });

  it.each<[string, string, RegExp]>([
    ['ecr-push-chart', '1.1.0', /helm.* is not an image/],
    ['ecr-push-cache', 'main-cache', /cacheconfig.* is not an image/],
  ])('%s is a push of %s that cannot run', (name, tag, why) => {
    expect(parseEcrEvent(payload(name))).toMatchObject({
      kind: 'imagePushed',
      tag,
      notAnImage: expect.stringMatching(why),
    });
  });

  it.each<[string, RegExp]>([
    ['ecr-push-untagged', /no tag/],
    ['ecr-push-untagged-attestation', /no tag/],
    ['ecr-push-failed', /FAILURE/],
    ['ecr-replication-failed', /FAILED/],
    ['ecr-delete', /DELETE/],
    ['ecr-archive', /UPDATE_STORAGE_CLASS/],
    ['ecr-restore', /UPDATE_STORAGE_CLASS/],
    ['ecs-task-stopped-crash', /ECS Task State Change is not handled/],
  ])('ignores %s, with a reason', (name, why) => {
    expect(parseEcrEvent(payload(name))).toEqual({ kind: 'ignored', reason: expect.stringMatching(why) });
  });

  it('is tested with every payload in events/', () => {
    expect(payloads('ecr-')).toHaveLength(16);
  });

  it('treats a push without a tag member as untagged', () => {
    const event = JSON.parse(JSON.stringify(payload('ecr-push-untagged')));
    delete event.detail['image-tag'];
    expect(parseEcrEvent(event)).toMatchObject({ kind: 'ignored', reason: expect.stringMatching(/no tag/) });
  });

  it('ignores unknown members', () => {
    const event = JSON.parse(JSON.stringify(payload('ecr-push')));
    expect(
      parseEcrEvent({ ...event, tomorrow: 1, detail: { ...event.detail, tomorrow: { deep: [] } } }),
    ).toEqual(parseEcrEvent(event));
  });

  it('accepts an unknown manifest type', () => {
    const event = JSON.parse(JSON.stringify(payload('ecr-push')));
    event.detail['manifest-media-type'] = 'application/vnd.tomorrow+json';
    expect(parseEcrEvent(event)).toMatchObject({ notAnImage: expect.stringContaining('tomorrow') });
  });

  it('distinguishes pushes from replications', () => {
    const event = JSON.parse(JSON.stringify(payload('ecr-replicated')));
    event.detail['action-type'] = 'PUSH';
    expect(parseEcrEvent(event)).toMatchObject({ kind: 'ignored' });
  });

  it('treats a replication without a tag as untagged', () => {
    const event = JSON.parse(JSON.stringify(payload('ecr-replicated')));
    event.detail['image-tag'] = '';
    expect(parseEcrEvent(event)).toMatchObject({ kind: 'ignored', reason: expect.stringMatching(/no tag/) });
  });

  it('reports every fault of a malformed event in one error, with path and expectation', () => {
    const place = { account: '123456789012', region: 'us-east-1' };
    const event = { 'detail-type': 'ECR Image Action', time: 'soon', ...place, detail: { result: 3 } };
    expect(() => parseEcrEvent(event)).toThrow(IntakeError);
    expect(() => parseEcrEvent(event)).toThrow(
      'failed to read an ECR event: time should be a time in ISO 8601; ' +
        'detail.action-type is missing: it should be a string; detail.result should be a string; ' +
        'detail.repository-name is missing: it should be a string',
    );
  });

  it.each([null, undefined, 'text', [], {}])('throws on %j', (event) => {
    expect(() => parseEcrEvent(event)).toThrow(IntakeError);
  });
});
