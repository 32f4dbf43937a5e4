import type { HookAnswer, HookCall, Stage } from './ecs/shifting/model.ts';
import { parseJson } from './json.ts';
import { isObject } from './stack/json.ts';

/** How the Lambda hooks of deployments answer: `POST /_local/hooks`. The newest matching rule wins. */
export interface HookRule {
  /** The end of the function's ARN; absent: any. */
  readonly function?: string | undefined;
  readonly stage?: Stage | undefined;
  readonly answer: HookAnswer['status'];
}

/** What runs the functions of the package. */
interface Functions {
  has(functionName: string): boolean;
  invokeSync(
    functionName: string,
    payload: string,
  ): Promise<{ readonly payload: string; readonly functionError?: string }>;
}

/** A function runs in real time: ECS asks for its answer every simulated second. */
const RUNNING: HookAnswer = { status: 'IN_PROGRESS', callBackDelay: 1 };

/** A rule answers first, then the function where it is packaged. Any other function succeeds. */
export function createHookAnswers() {
  let ordered: HookRule[] = [];
  let functions: Functions | undefined;
  /** Answers of functions that run or have run, by execution. */
  let answers = new Map<string, HookAnswer>();

  function ruleFor({ functionArn, stage }: HookCall): HookRule | undefined {
    return ordered.findLast(
      (other) =>
        (other.function === undefined || functionArn.endsWith(other.function)) &&
        (other.stage === undefined || other.stage === stage),
    );
  }

  function invoke({ invokeSync }: Functions, { id, functionArn, payload }: HookCall): HookAnswer {
    const known = answers.get(id);
    if (known !== undefined && known !== RUNNING) answers.delete(id);
    if (known !== undefined) return known;
    const running = answers.set(id, RUNNING);
    invokeSync(functionArn, JSON.stringify(payload)).then(
      (answer) => void running.set(id, answerOf(functionArn, answer)),
      (error) => void running.set(id, notInvoked(functionArn, String(error))),
    );
    return RUNNING;
  }

  return {
    add: (rule: HookRule) => void ordered.push(rule),
    list: (): readonly HookRule[] => ordered,
    reset() {
      ordered = [];
      answers = new Map();
    },
    connect(packaged: Functions) {
      functions = packaged;
    },
    answer(call: HookCall): HookAnswer {
      const rule = ruleFor(call);
      if (rule) return { status: rule.answer };
      return functions?.has(call.functionArn) ? invoke(functions, call) : { status: 'SUCCEEDED' };
    },
  };
}

/** Source: AWS docs, deployment-lifecycle-hooks; the words: troubleshooting-blue-green. */
function answerOf(
  functionArn: string,
  { payload, functionError }: { readonly payload: string; readonly functionError?: string },
): HookAnswer {
  if (functionError !== undefined) return notInvoked(functionArn, functionError);
  const answer = parseJson(payload);
  const { hookStatus: status, callBackDelay, hookDetails: details } = isObject(answer) ? answer : {};
  if (status !== 'SUCCEEDED' && status !== 'FAILED' && status !== 'IN_PROGRESS') {
    const reason = `ECS was unable to parse the response from ${functionArn} due to HookStatus must not be null`;
    return { status: 'FAILED', reason };
  }
  return {
    status,
    ...(typeof callBackDelay === 'number' && { callBackDelay }),
    ...(details !== undefined && { details }),
  };
}

function notInvoked(functionArn: string, why: string): HookAnswer {
  return { status: 'FAILED', reason: `ECS was unable to invoke hook target ${functionArn} due to ${why}` };
}
