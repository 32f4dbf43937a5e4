import { anApp, anImage, aStage, digestOf, MINUTE } from '../builders.ts';

const CENTRAL = { account: '210987654321', region: 'eu-west-1' };

/** The notes of a release whose push is seen in this way. */
function notesOf(source: 'event' | 'sweep', isElsewhere: boolean) {
  const app = anApp();
  const image = isElsewhere ? { ...app.image, registry: CENTRAL } : app.image;
  const stage = aStage({ ...app, image })
    .adopted()
    .later(MINUTE);
  stage.when({ type: 'imagePushed', tag: '1.1.0', digest: digestOf('1.1.0'), at: stage.now, source });
  stage.answer('inspectImage', { kind: 'imageInspected', image: anImage('1.1.0'), storage: 'ACTIVE' });
  return stage.state.release?.notes;
}

describe('a push in another registry', () => {
  it('whose event did not arrive is noted with what forwards it', () => {
    expect(notesOf('sweep', true)).toEqual([
      'the event of its push did not arrive from 210987654321, eu-west-1: `fairway forwarding` shows what forwards it',
    ]);
  });

  it.each([
    ['whose event arrived', 'event', true],
    ['of the own registry', 'sweep', false],
  ] as const)('%s is not', (_, source, isElsewhere) => {
    expect(notesOf(source, isElsewhere)).toEqual([]);
  });
});
