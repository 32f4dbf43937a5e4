import { declared } from '../../shared/infrastructure/declared.ts';
import { missingImage, withFirstImages, withoutImages } from '../../shared/infrastructure/images.ts';
import { infrastructure } from '../../shared/infrastructure/source/schema.ts';
import { anApp } from '../builders.ts';
import { PLACE } from './world.ts';

const IMAGE = '210987654321.dkr.ecr.eu-west-1.amazonaws.com/web-app:1.0.0';
const CENTRAL = { account: '210987654321', region: 'eu-west-1' };

function definitionOf(image: string) {
  const source = infrastructure.parse({ taskDefinitions: { web: { containers: { web: { image } } } } });
  const apps = [{ ...anApp(), image: { ...anApp().image, registry: CENTRAL } }];
  const resource = declared(source, { place: PLACE, apps }).find(({ kind }) => kind === 'taskDefinition');
  if (!resource) throw new Error('no task definition is declared');
  return resource.members;
}

const imagesIn = (members: object) =>
  Object(members).containerDefinitions.map(({ image }: { image?: string }) => image);

describe('a declared task definition with an image of another account', () => {
  it('leaves the image to releases', () => {
    expect(imagesIn(withoutImages(definitionOf(IMAGE)))).toEqual([undefined]);
  });

  it('starts with the declared image, without a look-up', () => {
    const none = () => undefined;
    expect(missingImage(definitionOf(IMAGE), none)).toBeUndefined();
    expect(imagesIn(withFirstImages(definitionOf(IMAGE), PLACE, none))).toEqual([IMAGE]);
  });

  it('keeps an image of a repository that no app releases', () => {
    const other = IMAGE.replace('web-app', 'proxy');
    expect(imagesIn(withoutImages(definitionOf(other)))).toEqual([other]);
  });

  it('is not that of a repository of the same name in the account', () => {
    expect(imagesIn(withoutImages(definitionOf('web-app:1.0.0')))).toEqual(['web-app:1.0.0']);
  });
});

describe('images in China', () => {
  it('have the host of their partition', () => {
    const source = infrastructure.parse({
      taskDefinitions: { web: { containers: { web: { image: 'web-app' } } } },
    });
    const place = { ...PLACE, partition: 'aws-cn', region: 'cn-north-1' };
    const resources = declared(source, { place, apps: [anApp()] });
    const members = resources.find(({ kind }) => kind === 'taskDefinition')?.members ?? {};
    const [image] = imagesIn(withFirstImages(members, place, () => 'sha256:1'));
    expect(image).toMatch(/\.dkr\.ecr\.cn-north-1\.amazonaws\.com\.cn\/web-app@sha256:1$/);
  });
});
