import { anyOf, heals, type Wording } from './wording.ts';

const EFS = '(?:EFS utils|\\bEFS volume|amazon-efs|mount\\.nfs4?|mounting volume failed)';

/**
 * Why a volume could not be had. Sources: Amazon ECS Developer Guide, "ResourceInitializationError errors" and "Status
 * reasons for Amazon EBS volume attachment"; the ECS container agent, for FSx.
 */
export const VOLUMES: readonly Wording[] = [
  heals(
    /\bEBS volume(?:.*?\b(vol-[\da-f]+))?/i,
    'volume',
    (subject, [, id]) =>
      `${subject}: ${id === undefined ? 'an EBS volume' : `EBS volume ${id}`} could not be created or attached.`,
    'Check the permissions of the ECS infrastructure role, its KMS key, the EBS quota, the Availability Zone, and the settings of the volume.',
  ),
  heals(
    /snapshot '?(snap-\w+)?'? ?does not exist/i,
    'volume',
    (subject, [, id]) => `${subject}: EBS snapshot${id === undefined ? '' : ` ${id}`} does not exist.`,
    'Correct snapshotId in the volume configuration of the service, or share the snapshot with this account and Region.',
  ),
  heals(
    /(?:create|attach)\w* (?:the )?volume.*(?:UnauthorizedOperation|not authorized|AccessDenied)/i,
    'volume',
    (subject) => `${subject}: an EBS volume could not be created: ECS's infrastructure role may not.`,
    'Give the infrastructure role AmazonECSInfrastructureRolePolicyForVolumes, and the use of the KMS key.',
  ),
  heals(
    /volume attachment|unable to create (?:the )?volume|attach\w* .*volume.*(?:timed out|in time)/i,
    'volume',
    (subject) => `${subject}: an EBS volume was not created or attached in time.`,
    'ECS tries again; if it happens again, check the permissions of the infrastructure role and the EBS quota.',
  ),
  heals(
    /fsx ?windows ?file ?server|\bFSx\b/i,
    'volume',
    (subject) => `${subject}: a volume of FSx for Windows File Server could not be mounted.`,
    'Check the file system, the credentials in credentialsParameter, the domain, and the security groups.',
  ),
  heals(
    /failed to chown|failed to copy file info/i,
    'volume',
    (subject) =>
      `${subject}: a volume does not let its files be given to the owner that the image has for them.`,
    "Let the image's directory belong to the user of the EFS access point, or leave the access point's PosixUser out.",
  ),
  heals(
    anyOf(`${EFS}.*(access denied|AccessDenied|not authorized|permission denied)`),
    'volume',
    (subject) => `${subject}: access to its EFS file system was denied.`,
    "Check the file system's policy, that the task role may elasticfilesystem:ClientMount, the access point, and its mount targets.",
  ),
  heals(
    anyOf(`${EFS}.*(No such file or directory|access point.*does not exist)`),
    'volume',
    (subject) => `${subject}: its EFS file system has no such directory or access point.`,
    'Create it, or correct rootDirectory or accessPointId in the task definition.',
  ),
  heals(
    anyOf(`${EFS}.*(Failed to resolve|Name or service not known)`),
    'volume',
    (subject) => `${subject}: the name of its EFS file system cannot be resolved.`,
    "Check the file system's ID, that it has mount targets in the task's Availability Zones, and the VPC's DNS support and DNS hostnames.",
  ),
  heals(
    anyOf(
      `${EFS}.*(time-?out|timed out|refused|reset by peer|signal: killed|no route|mount system call failed)`,
    ),
    'volume',
    (subject) => `${subject}: its EFS file system cannot be reached.`,
    "Let the security group of its mount targets take port 2049 (NFS) from the task's, and check that the task's subnets have mount targets.",
  ),
  heals(
    anyOf('CannotCreateVolume', EFS, 'S3 Files', 'volume.*fail', 'fail\\w* to mount'),
    'volume',
    (subject) => `${subject}: a volume could not be mounted.`,
    'Check the volume in the task definition: for EFS its file system, mount targets and security groups, for EBS the infrastructure role.',
  ),
];
