import { CASES } from './corpus.ts';
import { describeLogged } from './logged.ts';
import { describeSent } from './sent.ts';
import { describeStored } from './stored.ts';

describeLogged(CASES);
describeSent(CASES);
describeStored(CASES);
