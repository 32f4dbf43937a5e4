import { diagnoseTask, isScaledIn, type StoppedTask } from '../../shared/domain/diagnosis.ts';

function failedToStart(stoppedReason: string): StoppedTask {
  return { stopCode: 'TaskFailedToStart', stoppedReason, containers: [{ name: 'web' }] };
}
function exited(exitCode: number, reason?: string): StoppedTask {
  return {
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [
      { name: 'proxy', exitCode: 143 },
      { name: 'web', exitCode, ...(reason === undefined ? {} : { reason }) },
    ],
  };
}

describe('diagnoseTask', () => {
  it.each<[string, boolean, StoppedTask]>([
    [
      'imageNotFound',
      false,
      failedToStart(
        'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref x/app:9: not found',
      ),
    ],
    [
      'wrongPlatform',
      false,
      failedToStart(
        "CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform 'linux/amd64'",
      ),
    ],
    [
      'pullDenied',
      false,
      failedToStart('CannotPullContainerError: pull access denied for x/app, not authorized'),
    ],
    [
      'registryUnreachable',
      true,
      failedToStart(
        'CannotPullContainerError: ref pull has been retried 5 time(s): dial tcp 10.0.0.1:443: i/o timeout',
      ),
    ],
    [
      'secretMissing',
      false,
      failedToStart(
        "ResourceInitializationError: unable to pull secrets or registry auth: ResourceNotFoundException: Secrets Manager can't find the specified secret.",
      ),
    ],
    [
      'secretDenied',
      false,
      failedToStart(
        'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret: AccessDeniedException',
      ),
    ],
    [
      'logging',
      false,
      failedToStart(
        'ResourceInitializationError: failed to validate logger args: The specified log group does not exist.',
      ),
    ],
    ['capacity', true, failedToStart('TaskFailedToStart: RESOURCE:MEMORY')],
    ['crash', true, exited(1)],
    ['commandNotFound', false, exited(127)],
    ['commandNotExecutable', false, exited(126)],
    ['outOfMemory', true, exited(137, 'OutOfMemoryError: Container killed due to memory usage')],
    ['killed', true, exited(137)],
    ['crash', true, exited(139)],
    ['exited', true, exited(0)],
    [
      'targetHealth',
      true,
      {
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: 'Task failed ELB health checks in (target-group arn:x)',
        containers: [{ name: 'web', exitCode: 143 }],
      },
    ],
    [
      'containerHealth',
      true,
      {
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: 'Task failed container health checks',
        containers: [{ name: 'web', exitCode: 137 }],
      },
    ],
    [
      'spotInterruption',
      true,
      { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.', containers: [] },
    ],
    [
      'stoppedByPerson',
      true,
      {
        stopCode: 'UserInitiated',
        stoppedReason: 'Task stopped by user',
        containers: [{ name: 'web', exitCode: 143 }],
      },
    ],
  ])('finds %s (can heal: %s)', (kind, canHeal, task) => {
    expect(diagnoseTask(task)).toMatchObject({ kind, canHeal });
  });

  it('names the container that failed, not the sidecar that was stopped with it', () => {
    expect(diagnoseTask(exited(1))).toMatchObject({
      container: 'web',
      exitCode: 1,
      sentence: 'Container web exited with code 1.',
    });
  });

  it('passes unknown words through', () => {
    expect(diagnoseTask(failedToStart('SomethingNew: nobody has seen this'))).toMatchObject({
      kind: 'unknown',
      sentence: 'SomethingNew: nobody has seen this',
    });
  });

  it('tells scaling in from failing', () => {
    expect(isScaledIn({ stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)' })).toBe(true);
    expect(isScaledIn({ stoppedReason: 'Task failed container health checks' })).toBe(false);
  });
});
