import { Document, isMap, isNode, isPair, isScalar, isSeq, type Node } from 'yaml';
import type { JsonObject } from '../json.ts';
import type { Comment } from './draft.ts';

/** The draft as YAML, with its comments in their places. */
export function yamlText(value: JsonObject, comments: readonly Comment[]): string {
  const document = new Document(value);
  for (const comment of comments) place(document.contents, comment);
  return document.toString({ lineWidth: 100, flowCollectionPadding: true });
}

function place(root: Node | null, { path, after, text }: Comment): void {
  const comment = text
    .split('\n')
    .map((line) => ` ${line}`)
    .join('\n');
  const node = after === true ? nodeAt(root, path) : markAt(root, path);
  if (node === undefined) return;
  if (after === true) node.comment = joined(node.comment, comment);
  else node.commentBefore = joined(node.commentBefore, comment);
}

function joined(before: string | null | undefined, comment: string): string {
  return before ? `${before}\n${comment}` : comment;
}

/** What a comment stands before: the key of a member, or the item of a list. */
function markAt(root: Node | null, path: Comment['path']): Node | undefined {
  const [last, parent] = [path.at(-1), nodeAt(root, path.slice(0, -1))];
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
    return pair !== undefined && isPair(pair) && isNode(pair.key) ? pair.key : undefined;
  }
  return nodeAt(root, path);
}

function nodeAt(root: Node | null, path: Comment['path']): Node | undefined {
  let node: unknown = root;
  for (const step of path) node = isMap(node) || isSeq(node) ? node.get(step, true) : undefined;
  return isNode(node) ? node : undefined;
}
