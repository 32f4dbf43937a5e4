/** How a role names its resources: one by one, or more broadly where IAM's size limits require it. */
export interface Breadth {
  readonly revisionTags: 'named' | 'all';
  /** `folder`: all log groups with the same prefix up to the last slash, such as "/ecs/". */
  readonly logGroups: 'named' | 'folder' | 'all';
  readonly serviceRevisions: 'named' | 'cluster';
  readonly repositories: 'named' | 'all';
  readonly families: 'named' | 'all';
  readonly services: 'named' | 'cluster' | 'all';
  readonly taskFamilies: 'named' | 'all';
  readonly clusters: 'named' | 'all';
}

export const NAMED: Breadth = {
  revisionTags: 'named',
  logGroups: 'named',
  serviceRevisions: 'named',
  repositories: 'named',
  families: 'named',
  services: 'named',
  taskFamilies: 'named',
  clusters: 'named',
};
