import { CASES } from './corpus.ts';
import { describeSent } from './sent.ts';
import { describeStored } from './stored.ts';

describeSent(CASES);
describeStored(CASES);
