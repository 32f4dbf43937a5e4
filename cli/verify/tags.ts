import { paginateDescribeImages } from '@aws-sdk/client-ecr';
import type { App, Configuration, TagPolicy } from '../../shared/domain/app.ts';
import { counted } from '../../shared/domain/counted.ts';
import { type NamedRepository, repositoryKey } from '../../shared/domain/registry.ts';
import { judgeTag } from '../../shared/domain/releases/tagPolicy.ts';
import type { FoundTags } from './found.ts';
import { named, type Registries } from './registries.ts';

/** How many tags a warning shows. */
const SHOWN = 3;

/**
 * The tags in these repositories. A repository whose images cannot be listed is left out: everything else can be
 * verified without them.
 */
export async function readTags(
  ecr: Registries,
  { apps }: Configuration,
  repositories: readonly string[],
): Promise<FoundTags> {
  const found = new Map<string, readonly string[]>();
  for (const [key, image] of new Map(apps.map(({ image }) => [repositoryKey(image), image]))) {
    const tags = repositories.includes(key) ? await tagsOf(ecr, image) : undefined;
    if (tags) found.set(key, tags);
  }
  return found;
}

async function tagsOf(ecr: Registries, image: NamedRepository): Promise<readonly string[] | undefined> {
  const images: { readonly tag: string; readonly pushedAt: number }[] = [];
  try {
    const pages = paginateDescribeImages(
      { client: ecr.of(image), pageSize: 1_000 },
      { ...named(image), filter: { tagStatus: 'TAGGED' } },
    );
    for await (const { imageDetails = [] } of pages) {
      for (const { imageTags = [], imagePushedAt } of imageDetails)
        images.push(...imageTags.map((tag) => ({ tag, pushedAt: imagePushedAt?.getTime() ?? 0 })));
    }
  } catch {
    return undefined;
  }
  return images.toSorted((a, b) => b.pushedAt - a.pushedAt).map(({ tag }) => tag);
}

/** Warnings about policies that no tag in ECR matches: no image pushed so far would be released. */
export function tagWarnings({ apps }: Configuration, found: FoundTags | undefined): readonly string[] {
  return apps.flatMap((app) => tagWarning(app, found?.get(repositoryKey(app.image)) ?? []) ?? []);
}

function tagWarning({ name, image }: App, tags: readonly string[]): string | undefined {
  if (tags.length === 0 || tags.some((tag) => judgeTag(image, tag).counts)) return undefined;
  const newest = tags.slice(0, SHOWN).map((tag) => `"${tag}"`);
  const what = `${wanted(image.tags)} matches none of the ${counted(tags.length, 'tag')} in "${image.repository}"`;
  return `apps.${name}.image.tags: ${what}, the newest are ${newest.join(', ')}; correct \`tags\` and \`ignore\`, or push a tag that matches`;
}

function wanted(policy: TagPolicy): string {
  switch (policy.kind) {
    case 'semver':
      return `semver: ${policy.range}`;
    case 'newest':
      return `newest: "${policy.match.glob}"`;
    case 'digest':
      return `digest: ${policy.tag}`;
  }
}
