import type { App } from '../domain/app.ts';
import type { EffectOf, ResultOf } from '../domain/effects.ts';
import { describeRepository } from '../domain/registry.ts';
import { newestOf } from '../domain/releases/tagPolicy.ts';
import type { Images, TaggedImage } from '../ports.ts';

/** The image that a tag or a digest names; without either the newest that counts. */
export async function inspectImage(
  images: Images,
  app: App,
  effect: EffectOf<'inspectImage'>,
): Promise<ResultOf<'inspectImage'>> {
  const repository = describeRepository(app.image);
  const reference =
    effect.digest !== undefined
      ? { digest: effect.digest }
      : { tag: effect.tag ?? (await newestTag(images, app)) };
  if ('tag' in reference && reference.tag === '') {
    return { kind: 'imageMissing', reason: `no image in ${repository} has an eligible tag` };
  }
  const found = await images.inspect(app.image, reference);
  if (!found) {
    const what = 'tag' in reference ? `tag ${reference.tag}` : `image ${reference.digest}`;
    // Who asks for a tag may have mistyped it; every other image was seen before.
    const gone = effect.trigger.kind === 'deploy' ? '' : ' any more';
    return { kind: 'imageMissing', reason: `there is no ${what} in ${repository}${gone}` };
  }
  if ('notAnImage' in found) {
    const what = 'tag' in reference ? reference.tag : reference.digest;
    const reason = `${what} in ${repository} cannot run: ${found.notAnImage}`;
    return { kind: 'imageMissing', reason, digest: found.digest };
  }
  const image = effect.tag === undefined ? found.image : { ...found.image, tag: effect.tag };
  return { kind: 'imageInspected', image, storage: found.storage };
}

async function newestTag(images: Images, app: App): Promise<string> {
  const runnable: TaggedImage[] = [];
  let next: string | undefined;
  do {
    const page = await images.tagged(app.image, next);
    runnable.push(...page.images.filter(({ notAnImage }) => notAnImage === undefined));
    next = page.next;
  } while (next !== undefined);
  return newestOf(app.image, runnable)?.tag ?? '';
}
