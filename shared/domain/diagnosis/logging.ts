import { actionIn, hostNamed, logGroupNamed, roleOf } from './names.ts';
import { NO_ANSWER } from './secrets.ts';
import { anyOf, fatal, heals, type Wording } from './wording.ts';

/**
 * Why a container cannot log. Sources: Amazon ECS Developer Guide, "ResourceInitializationError errors"; the ECS
 * container agent, for what it says of FireLens.
 */
export const LOGGING: readonly Wording[] = [
  fatal(
    /(?:firelens|s3 config).*(Forbidden|Access ?Denied|not authorized|NoSuchKey|NoSuchBucket|Not ?Found|40[34])/i,
    'logging',
    (subject) =>
      `${subject} cannot log: its log router's configuration in S3 does not exist, or the execution role may not read it.`,
    "Check firelensConfiguration's config-file-value, and allow s3:GetObject and s3:GetBucketLocation.",
  ),
  heals(
    /firelens|s3 config/i,
    'logging',
    (subject) => `${subject} cannot log: its log router (FireLens) could not be set up.`,
    "Check firelensConfiguration, the container's log options, and the subnet's route to S3.",
  ),
  fatal(
    /unknown log opt|awslogs-\S+ is required|get awslogs driver arguments/i,
    'logging',
    (subject) => `${subject} cannot log: an option of its log configuration is missing or not known.`,
    "Correct the options of the container's logConfiguration.",
  ),
  heals(
    /no log driver named/i,
    'logging',
    (subject) => `${subject} cannot log: its instance has no such log driver.`,
    "Use a log driver of the container instance (ECS_AVAILABLE_LOGGING_DRIVERS), or correct the container's logConfiguration.",
  ),
  heals(
    /logg\w+.*(NoCredentialProviders|CredentialsEndpointError|no EC2 IMDS role|failed to (?:load|refresh cached) credentials)/i,
    'logging',
    (subject) => `${subject} cannot log: its log driver has no credentials.`,
    'Let the container instance have a role that may write logs, or the task an execution role (ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE=true on the instance).',
  ),
  fatal(
    /log ?(group|stream).*(does not exist|not found)|logg(er|ing).*ResourceNotFoundException/i,
    'logging',
    (subject, _, whole) => `${subject} cannot log: its log group${logGroupNamed(whole)} does not exist.`,
    'Create it (or set awslogs-create-group), or correct the log configuration.',
  ),
  fatal(
    /(logg(er|ing)|log (group|stream)|logs:Create).*(AccessDenied|not authorized)/i,
    'logging',
    (subject, _, whole) =>
      `${subject} cannot log: ${roleOf(whole)} may not ${actionIn(whole) ?? 'write'} in log group${logGroupNamed(whole)}.`.replace(
        ' in log group.',
        ' in its log group.',
      ),
    'Allow logs:CreateLogStream and logs:PutLogEvents, and logs:CreateLogGroup where awslogs-create-group is set.',
  ),
  heals(
    anyOf(`validate logger args.*(${NO_ANSWER})`),
    'logging',
    (subject, _, whole) => `${subject} cannot log: CloudWatch Logs could not be reached${hostNamed(whole)}.`,
    "Check the subnet's route to CloudWatch Logs (NAT gateway, public IP, or the VPC endpoint for logs) and the security groups.",
  ),
  heals(
    /failed to (?:initialize|validate|create) (?:the )?logg(?:ing driver: ?(.{1,120}))?|logging driver/i,
    'logging',
    (subject, [, why]) =>
      `${subject}: the log driver could not start${why === undefined ? '' : `: ${why.replace(/[.\s]+$/, '')}`}.`,
    "Check the options of the log configuration (address, token, region) and the subnet's route to it.",
  ),
];
