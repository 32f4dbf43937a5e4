import type { StatementUse } from './evaluate.ts';
import type { Policy } from './policy.ts';

/** One entry of an Allow statement's Action list that no call has used. */
interface UnusedAction {
  readonly owner: string;
  readonly policy: string;
  readonly statement: number;
  readonly sid?: string;
  readonly action: string;
}

/** Records which statements of which role were used, so that a test can list the unused ones. */
export interface Recorder {
  /** `owner`: the name of a function or role, as the caller chooses. */
  record(owner: string, statements: readonly StatementUse[]): void;
  /** Everything recorded so far as plain data, which another recorder can read. */
  uses(): readonly (StatementUse & { readonly owner: string })[];
  /** What the owner's policies allow and no call has used. */
  unused(owner: string, policies: readonly Policy[]): readonly UnusedAction[];
}

/** Creates an empty recorder. */
export function createRecorder(): Recorder {
  const used = new Map<string, StatementUse & { readonly owner: string }>();
  return {
    record(owner, statements) {
      for (const use of statements)
        used.set(keyOf(owner, use.policy, use.statement, use.action), { owner, ...use });
    },
    uses: () => [...used.values()],
    unused: (owner, policies) =>
      allowedActions(owner, policies).filter(
        ({ policy, statement, action }) => !used.has(keyOf(owner, policy, statement, action)),
      ),
  };
}

function allowedActions(owner: string, policies: readonly Policy[]): UnusedAction[] {
  return policies.flatMap((policy) =>
    policy.statements.flatMap(({ effect, actions, sid }, statement) => {
      if (effect === 'Deny') return [];
      const entries = actions.except ? ['NotAction'] : actions.values;
      return entries.map((action) => ({
        owner,
        policy: policy.name,
        statement,
        ...(sid === undefined ? {} : { sid }),
        action,
      }));
    }),
  );
}

function keyOf(owner: string, policy: string, statement: number, action: string): string {
  return JSON.stringify([owner, policy, statement, action]);
}
