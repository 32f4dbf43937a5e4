import type { HookAnswer, Stage } from './ecs/model.ts';

/** How the Lambda hooks of deployments answer: `POST /_local/hooks`. The newest matching rule wins. */
export interface HookRule {
  /** The end of the function's ARN; absent: any. */
  readonly function?: string | undefined;
  readonly stage?: Stage | undefined;
  readonly answer: HookAnswer['status'];
}

export function createHookAnswers() {
  let ordered: HookRule[] = [];
  return {
    add: (rule: HookRule) => void ordered.push(rule),
    list: (): readonly HookRule[] => ordered,
    reset() {
      ordered = [];
    },
    /** Without a rule, a function succeeds. */
    answer(functionArn: string, stage: Stage): HookAnswer {
      const rule = ordered.findLast(
        (other) =>
          (other.function === undefined || functionArn.endsWith(other.function)) &&
          (other.stage === undefined || other.stage === stage),
      );
      return { status: rule?.answer ?? 'SUCCEEDED' };
    },
  };
}
