import type { Rule } from './rule.ts';
import { broadRole } from './rules/broadRole.ts';
import { cannotRoll } from './rules/cannotRoll.ts';
import { circuitBreakerOff } from './rules/circuitBreakerOff.ts';
import { criticalFindings } from './rules/criticalFindings.ts';
import { execInProduction } from './rules/execInProduction.ts';
import { expiringImage } from './rules/expiringImage.ts';
import { fargateWouldDo } from './rules/fargateWouldDo.ts';
import { graceTooShort } from './rules/graceTooShort.ts';
import { imageNotPinned } from './rules/imageNotPinned.ts';
import { logsWithoutRetention } from './rules/logsWithoutRetention.ts';
import { missingRole } from './rules/missingRole.ts';
import { noAutoScaling } from './rules/noAutoScaling.ts';
import { noHealthCheck } from './rules/noHealthCheck.ts';
import { noLogs } from './rules/noLogs.ts';
import { noScanOnPush } from './rules/noScanOnPush.ts';
import { platformVersionBehind } from './rules/platformVersionBehind.ts';
import { privilegedContainer } from './rules/privilegedContainer.ts';
import { publicIp } from './rules/publicIp.ts';
import { revisionsPilingUp } from './rules/revisionsPilingUp.ts';
import { rootContainer } from './rules/rootContainer.ts';
import { secretInEnvironment } from './rules/secretInEnvironment.ts';
import { sharedRole } from './rules/sharedRole.ts';
import { singleZone } from './rules/singleZone.ts';
import { slowRollout } from './rules/slowRollout.ts';
import { spotWouldDo } from './rules/spotWouldDo.ts';
import { writableRootFilesystem } from './rules/writableRootFilesystem.ts';

/** Every rule, from the most to the least urgent. */
export const RULES: readonly Rule[] = [
  secretInEnvironment,
  broadRole,
  privilegedContainer,
  criticalFindings,
  expiringImage,
  cannotRoll,
  circuitBreakerOff,
  imageNotPinned,
  noHealthCheck,
  graceTooShort,
  singleZone,
  noLogs,
  noScanOnPush,
  publicIp,
  rootContainer,
  sharedRole,
  missingRole,
  execInProduction,
  logsWithoutRetention,
  writableRootFilesystem,
  noAutoScaling,
  slowRollout,
  platformVersionBehind,
  revisionsPilingUp,
  fargateWouldDo,
  spotWouldDo,
];
