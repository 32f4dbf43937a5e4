import { type ECRClient, paginateDescribeImages } from '@aws-sdk/client-ecr';
import type { App, TagPolicy } from '../../shared/domain/app.ts';
import { counted } from '../../shared/domain/counted.ts';
import { judgeTag } from '../../shared/domain/releases/tagPolicy.ts';
import type { Difference } from './compare.ts';

/** Tags that are shown of a repository where none matches. */
const SHOWN = 3;

/** Tags by repository, newest first. */
export type FoundTags = ReadonlyMap<string, readonly string[]>;

/**
 * The tags in these repositories. One whose images may not be listed, or are no longer there, is left out: everything
 * else can be verified without them.
 */
export async function readTags(ecr: ECRClient, repositories: readonly string[]): Promise<FoundTags> {
  const found = new Map<string, readonly string[]>();
  for (const repository of repositories) {
    const tags = await tagsOf(ecr, repository);
    if (tags) found.set(repository, tags);
  }
  return found;
}

async function tagsOf(ecr: ECRClient, repositoryName: string): Promise<readonly string[] | undefined> {
  const images: { readonly tag: string; readonly pushedAt: number }[] = [];
  try {
    const pages = paginateDescribeImages(
      { client: ecr, pageSize: 1_000 },
      { repositoryName, filter: { tagStatus: 'TAGGED' } },
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

/** A policy that no tag in ECR matches: nothing that was pushed so far would have been released. */
export function compareTags(app: App, found: FoundTags | undefined): Difference[] {
  const { repository, tags: policy } = app.image;
  const tags = found?.get(repository) ?? [];
  if (tags.length === 0 || tags.some((tag) => judgeTag(app.image, tag).counts)) return [];
  const newest = tags.slice(0, SHOWN).map((tag) => `"${tag}"`);
  return [
    {
      app: app.name,
      where: 'image.tags',
      what: `${wanted(policy)} matches none of ${counted(tags.length, 'tag')} in "${repository}"; the newest: ${newest.join(', ')}`,
      mend: 'correct `tags` and `ignore`, or push a tag that matches',
    },
  ];
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
