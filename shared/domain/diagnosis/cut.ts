/** AWS cuts its words: the console with dots, the API at these lengths. */
const LENGTHS: readonly number[] = [255, 256, 1_023, 1_024];

/** What general kinds leave open where the words that would say it are cut. */
const OPEN: Readonly<Record<string, string>> = {
  secretsFailed:
    'Check in this order: the permissions of the execution role (secretsmanager:GetSecretValue, ssm:GetParameters, ecr:GetAuthorizationToken, kms:Decrypt), that each secret exists and has a value, and the route from the subnet to these services.',
  initialization: 'It may be the execution role, a volume, or the network of the subnet.',
  cannotStart: 'It may be the command, a mount, a limit or the log driver of the container.',
  runtime: 'It may be the command, a limit or the host.',
  pullFailed:
    'It may be the name of the image, the permissions of the execution role, or the route to the registry.',
  unknown: 'It may be the image, a secret, a volume or the network.',
};

/** Whether a reason ends where AWS cut it. */
function isCut(text: string): boolean {
  return /(?:…|\.\.\.)["'\s]*$/.test(text) || LENGTHS.includes(text.length);
}

interface Explained {
  readonly kind: string;
  readonly sentence: string;
  readonly advice?: string;
}

/** Says that AWS cut its words where they would have said more, and what else it may be. */
export function cutShort<Of extends Explained>(cause: Of, text: string): Of {
  const open = OPEN[cause.kind];
  if (open === undefined || !isCut(text)) return cause;
  const sentence = `${cause.sentence.replace(/\.$/, '')}; AWS cut its words, so the reason is not known.`;
  return {
    ...cause,
    sentence,
    advice: `${open} The stopped task in the console or CloudTrail may have the rest.`,
  };
}
