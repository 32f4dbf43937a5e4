import { anApp, anImage, aStage, digestOf } from '../builders.ts';

describe('what tags pointed at', () => {
  const app = anApp({
    image: { repository: 'web-app', tags: { kind: 'newest', match: { glob: '*' } }, ignore: [] },
  });

  function pushed(stage: ReturnType<typeof aStage>, tag: string, digest: string) {
    stage.when({ type: 'imagePushed', tag, digest, at: stage.now, source: 'event' });
    const image = { ...anImage(tag), digest };
    stage.answer('inspectImage', { kind: 'imageInspected', image, storage: 'ACTIVE' });
  }

  it('is remembered of the last twenty tags, each once', () => {
    const stage = aStage(app).adopted();
    for (let tag = 0; tag < 30; tag += 1) pushed(stage, `main-${tag}`, digestOf(`${tag}`));
    pushed(stage, 'main-15', digestOf('b'));
    expect(stage.state.seenTags).toHaveLength(20);
    expect(stage.state.seenTags?.[0]).toMatchObject({ tag: 'main-15', digest: digestOf('b') });
  });

  it('is unknown while a later push is looked up', () => {
    const stage = aStage(app).adopted();
    pushed(stage, 'main', digestOf('a'));
    stage.when({ type: 'imagePushed', tag: 'main', digest: digestOf('b'), at: stage.now, source: 'event' });
    expect(stage.state.seenTags).toEqual([]);
  });
});
