import { textAt } from '../../infrastructure/json.ts';
import { isOnFargate, serviceName, updateService } from '../parts.ts';
import type { Rule } from '../rule.ts';

/** Source: Amazon ECS Developer Guide, "Fargate platform versions". */
const NEWEST = { linux: '1.4.0', windows: '1.0.0' } as const;

export const platformVersionBehind: Rule = {
  id: 'platform-version-behind',
  title: 'Old platform version',
  severity: 'low',
  rule: 'A service on Fargate has the platform version LATEST, or the newest one by number.',
  why: 'Older platform versions lack features that task definitions use, and are retired one after the other.',
  check(workload) {
    const { service } = workload;
    if (service === undefined || !isOnFargate(service)) return [];
    const version = textAt(service, 'platformVersion') ?? 'LATEST';
    const isWindows = (textAt(service, 'platformFamily') ?? '').toUpperCase().startsWith('WINDOWS');
    if (!isOlder(version, isWindows ? NEWEST.windows : NEWEST.linux)) return [];
    return [
      {
        resource: serviceName(workload),
        found: `its platform version is ${version}`,
        fix: `hold the app, ${updateService(workload, '--platform-version LATEST')}, and resume it once the deployment is completed`,
      },
    ];
  },
  failing: { service: { serviceName: 'web-app', launchType: 'FARGATE', platformVersion: '1.3.0' } },
  passing: { service: { serviceName: 'web-app', launchType: 'FARGATE', platformVersion: 'LATEST' } },
};

function isOlder(version: string, newest: string): boolean {
  if (!/^\d+\.\d+\.\d+$/.test(version)) return false;
  return version.localeCompare(newest, 'en', { numeric: true }) < 0;
}
