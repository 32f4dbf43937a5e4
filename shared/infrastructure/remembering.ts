import { stableText } from './json.ts';
import type { Aws } from './kind.ts';

/** Several readers ask for the same: each call is made once. */
export function remembering(aws: Aws): Aws {
  const answers = new Map<string, ReturnType<Aws>>();
  return (service, operation, input) => {
    const key = `${service}:${operation} ${stableText(input)}`;
    const answer = answers.get(key) ?? aws(service, operation, input);
    answers.set(key, answer);
    return answer;
  };
}
