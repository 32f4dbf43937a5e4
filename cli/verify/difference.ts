/** One thing in fairway.yml that is not so in AWS. */
export interface Difference {
  readonly app: string;
  /** The member of fairway.yml: "services.web-app.taskDefinition". */
  readonly where: string;
  /** What is different. */
  readonly what: string;
  /** How to fix it. */
  readonly fix: string;
}

/** Makes differences of an app. */
export function differenceIn(app: string): (where: string, what: string, fix: string) => Difference {
  return (where, what, fix) => ({ app, where, what, fix });
}

/** "web, proxy", or "none". */
export function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
