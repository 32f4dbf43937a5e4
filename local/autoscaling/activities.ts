import type { JsonObject } from '../contract.ts';
import { DIMENSION } from './members.ts';
import type { Activity, AutoscalingOptions, Store } from './model.ts';

const MOST_ACTIVITIES = 1_000;

export interface Activities {
  /** Sets the desired count of a service and records the activity. Returns whether ECS accepted it. */
  begin(resourceId: string, count: number, cause: string): boolean;
  /** Ends the activities that ECS has fulfilled. */
  settle(): void;
}

/** Scaling activities: one at a time per service, fulfilled when that many tasks run. */
export function createActivities({ clock, ids, services }: AutoscalingOptions, store: Store): Activities {
  const open = () => store.activities.filter(({ status }) => status === 'InProgress');

  function end(activity: Activity, status: Activity['status']): void {
    activity.status = status;
    activity.endedAt = clock.now();
  }

  return {
    begin(resourceId, count, cause) {
      for (const other of open()) if (other.resourceId === resourceId) end(other, 'Overridden');
      const activity: Activity = {
        id: ids.uuid(),
        resourceId,
        count,
        cause,
        startedAt: clock.now(),
        endedAt: undefined,
        status: 'InProgress',
        message: `Successfully set desired count to ${count}. Waiting for change to be fulfilled by ecs.`,
      };
      store.activities.unshift(activity);
      store.activities.length = Math.min(store.activities.length, MOST_ACTIVITIES);
      try {
        services.scale(resourceId, count);
        return true;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        activity.message = `Failed to set desired count to ${count}. Reason: ${reason}`;
        end(activity, 'Failed');
        return false;
      }
    },
    settle() {
      for (const activity of open()) {
        if (services.look(activity.resourceId)?.running !== activity.count) continue;
        activity.message = `Successfully set desired count to ${activity.count}. Change successfully fulfilled by ecs.`;
        end(activity, 'Successful');
      }
    },
  };
}

/** As in the answer of DescribeScalingActivities. */
export function activityView(activity: Activity): JsonObject {
  return {
    ActivityId: activity.id,
    ServiceNamespace: 'ecs',
    ResourceId: activity.resourceId,
    ScalableDimension: DIMENSION,
    Description: `Setting desired count to ${activity.count}.`,
    Cause: activity.cause,
    StartTime: activity.startedAt / 1000,
    ...(activity.endedAt === undefined ? {} : { EndTime: activity.endedAt / 1000 }),
    StatusCode: activity.status,
    StatusMessage: activity.message,
  };
}
