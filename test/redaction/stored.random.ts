import { TAINTED } from './corpus.ts';
import { describeStored } from './stored.ts';

describeStored(TAINTED.map(({ what, text, secrets }) => [what, text, secrets] as const));
