/** What `fairway init` cannot read in an account. */

const ENVIRONMENTS: readonly (readonly [words: string, environment: string])[] = [
  ['pre-?prod', 'preprod'],
  ['non-?prod', 'nonprod'],
  ['prod|production|prd|live', 'production'],
  ['staging|stage|stg', 'staging'],
  ['dev|development', 'dev'],
  ['test|testing', 'test'],
  ['qa', 'qa'],
  ['uat', 'uat'],
  ['sandbox', 'sandbox'],
  ['demo', 'demo'],
];

const DEFAULT = 'production';

/** The environment that a cluster's name contains: "app-staging". */
export function environmentOf(cluster: string): { readonly environment: string; readonly why: string } {
  const [, found] =
    ENVIRONMENTS.find(([words]) => new RegExp(`(?:^|[-_])(?:${words})(?:$|[-_])`, 'i').test(cluster)) ?? [];
  if (found !== undefined) return { environment: found, why: `from the name of the cluster ${cluster}` };
  return { environment: DEFAULT, why: `since the name of the cluster ${cluster} contains none` };
}
