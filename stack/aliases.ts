import { ALIASES, type Alias } from '../shared/domain/rights.ts';
import { functionLogicalId, pascal, type Resource, type Resources, ref } from './names.ts';

const DESCRIPTIONS: Readonly<Record<Alias, string>> = {
  read: 'Shows what runs and what happened',
  operate: 'Shows, deploys, rolls back, holds and resumes',
  tasks: 'Shows, runs and stops tasks',
};

/** Aliases of the function `operate`, so that IAM can allow each group of commands separately. */
export function aliases(): Resources {
  return Object.fromEntries(ALIASES.map((name) => [`Operate${pascal(name)}Alias`, alias(name)]));
}

function alias(name: Alias): Resource {
  return {
    Type: 'AWS::Lambda::Alias',
    Properties: {
      Name: name,
      Description: DESCRIPTIONS[name],
      FunctionName: ref(functionLogicalId('operate')),
      FunctionVersion: '$LATEST',
    },
  };
}
