import { describeRedaction } from './properties.ts';

describeRedaction(20_261_123, 250);
