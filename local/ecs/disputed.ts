/**
 * What AWS's documentation and observations do not settle about deployments that shift traffic. Each member is simulated
 * both ways; the first value is the usual one.
 */
export const DISPUTED = {
  /** `deployments` of a service while such a deployment is open. */
  deployments: ['listed', 'onlyPrimary', 'none'],
  /** `taskDefinition` of a service while such a deployment is open. */
  taskDefinition: ['target', 'source'],
  /** Whether ECS sends `ECS Deployment State Change` for it. */
  deploymentEvents: ['sent', 'none'],
  /** Whether the revisions of a deployment show weights before and after the traffic shift. */
  stillWeights: ['shown', 'absent'],
  /** Whether ECS notices at the start that the weights of the production rule were reset. */
  resetWeights: ['unnoticed', 'rolledBack'],
  /** Whether the circuit breaker watches a LINEAR deployment. */
  linearBreaker: ['works', 'ignored'],
  /** The status of a deployment that fails without a revision to roll back to. */
  withoutCandidate: ['ROLLBACK_FAILED', 'STOPPED'],
  /** Whether `currentServiceDeployment` is there as soon as UpdateService has answered. */
  currentDeployment: ['atOnce', 'lags'],
  /** What a stop during CLEAN_UP does. */
  stopInCleanUp: ['rollsBack', 'finishes'],
  /** Whether StopServiceDeployment works for services in Express Mode. */
  stopOfExpress: ['works', 'unsupported'],
  /** The stages of a ROLLING deployment at which it pauses. */
  rollingPauses: ['both', 'beforeTasks', 'none'],
} as const satisfies Readonly<Record<string, readonly [string, ...string[]]>>;

type Options = typeof DISPUTED;
export type Disputed = { readonly [Name in keyof Options]: Options[Name][number] };

/** The usual value of each. */
export const USUAL: Disputed = {
  deployments: DISPUTED.deployments[0],
  taskDefinition: DISPUTED.taskDefinition[0],
  deploymentEvents: DISPUTED.deploymentEvents[0],
  stillWeights: DISPUTED.stillWeights[0],
  resetWeights: DISPUTED.resetWeights[0],
  linearBreaker: DISPUTED.linearBreaker[0],
  withoutCandidate: DISPUTED.withoutCandidate[0],
  currentDeployment: DISPUTED.currentDeployment[0],
  stopInCleanUp: DISPUTED.stopInCleanUp[0],
  stopOfExpress: DISPUTED.stopOfExpress[0],
  rollingPauses: DISPUTED.rollingPauses[0],
};
