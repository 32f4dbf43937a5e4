import {
  alertsAreClosed,
  alertsAreFew,
  alertsAreTold,
  alertsAreTrue,
  alertsEnd,
} from './invariants/alerts.ts';
import {
  everythingEnds,
  failuresGoBack,
  newestWins,
  nothingVanishes,
  theSetIsWhole,
} from './invariants/ends.ts';
import {
  aPersonsWordStands,
  denialsAreFinal,
  liveMeansLive,
  lossless,
  migrationGates,
  oneAtATime,
  onePerformer,
  repeatsLookFirst,
  scalingIsNotOurs,
  secretsStaySecret,
  whatRollsWasOrdered,
} from './invariants/releases.ts';
import { endedTasksStop, migrationsDoNotOverlap } from './invariants/releaseTasks.ts';
import { causesAreTrue, endsAreTrue, nothingIsLeftBehind } from './invariants/reports.ts';
import {
  badImagesAreAnnounced,
  ordersAreCarriedOut,
  rollbacksEndAtGoodImages,
} from './invariants/rollbacks.ts';
import {
  endedRunsStartNothing,
  noCallVanishes,
  noRunVanishes,
  oneRunPerCall,
  runsAreLive,
  runsDoNotOverlap,
  runsStartOnce,
  successIsNotRepeated,
  successMeansZero,
} from './invariants/runs.ts';
import {
  bakesAreWaitedFor,
  continuesAreOfThePauseSeen,
  openShiftsAreStopped,
  ordersStartOneDeployment,
  trafficFollows,
  weightWarningsAreTrue,
} from './invariants/shifts.ts';
import {
  holdsAreAnnounced,
  holdsStand,
  nothingStartsHeld,
  oneHoldPerDeployment,
} from './invariants/starts.ts';
import { nothingNewerIsLost } from './invariants/versions.ts';
import type { Played } from './play.ts';

/** The promises of the architecture, each as a judgement over a run. */
const INVARIANTS: Readonly<Record<string, (played: Played) => string[]>> = {
  'everything ends': everythingEnds,
  '1, one at a time': oneAtATime,
  '1, one performer': onePerformer,
  '1, repeats look first': repeatsLookFirst,
  '1, an order starts one deployment': ordersStartOneDeployment,
  '2, newest wins': newestWins,
  '3, live means live': liveMeansLive,
  '3, what rolls was ordered': whatRollsWasOrdered,
  '3, the traffic follows': trafficFollows,
  '3, bakes are waited for': bakesAreWaitedFor,
  '4, the migration gates': migrationGates,
  '4, tasks end with their release': endedTasksStop,
  '4, migrations do not overlap': migrationsDoNotOverlap,
  '5, denials are final': denialsAreFinal,
  '5, open shifts are stopped': openShiftsAreStopped,
  '5, nothing is left behind': nothingIsLeftBehind,
  '5, the set rolls back together': failuresGoBack,
  '5, the set is whole': theSetIsWhole,
  "6, a person's word stands": aPersonsWordStands,
  '6, holds stand': holdsStand,
  '6, nothing starts on a held app': nothingStartsHeld,
  '6, rollbacks end at good images': rollbacksEndAtGoodImages,
  '6, bad images are announced': badImagesAreAnnounced,
  '6, orders are carried out or answered': ordersAreCarriedOut,
  '6, continues are of the pause seen': continuesAreOfThePauseSeen,
  '6, one hold per deployment': oneHoldPerDeployment,
  '7, holds are announced': holdsAreAnnounced,
  '7, causes are true': causesAreTrue,
  '7, announcements are true': endsAreTrue,
  '7, warnings about weights are true': weightWarningsAreTrue,
  '7, nothing vanishes': nothingVanishes,
  '8, lossless': lossless,
  '9, scaling is not ours': scalingIsNotOurs,
  '11, secrets stay secret': secretsStaySecret,
  'alerts are few': alertsAreFew,
  'alerts end': alertsEnd,
  'alerts are closed': alertsAreClosed,
  'alerts are announced': alertsAreTold,
  'alerts are true': alertsAreTrue,
  'one run per call': oneRunPerCall,
  'runs start once': runsStartOnce,
  'success is not repeated': successIsNotRepeated,
  'ended runs start nothing': endedRunsStartNothing,
  'runs do not overlap': runsDoNotOverlap,
  'runs are live': runsAreLive,
  'success means zero': successMeansZero,
  'no run vanishes': noRunVanishes,
  'no call vanishes': noCallVanishes,
  'nothing newer is lost': nothingNewerIsLost,
};

export interface Violation {
  readonly invariant: string;
  readonly sentence: string;
}

/** What no table of an hour ago can take away: the others need a memory. */
const WITHOUT_MEMORY = [
  'everything ends',
  '3, live means live',
  '4, the migration gates',
  '8, lossless',
  '9, scaling is not ours',
  '11, secrets stay secret',
  'success means zero',
];

export function judge(played: Played): Violation[] {
  const restored = played.plan.actions.some(({ kind }) => kind === 'restoreTable');
  const judged = Object.entries(INVARIANTS).filter(
    ([invariant]) => !restored || WITHOUT_MEMORY.includes(invariant),
  );
  return judged.flatMap(([invariant, check]) => check(played).map((sentence) => ({ invariant, sentence })));
}
