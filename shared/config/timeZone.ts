import * as z from 'zod';
import { remembered } from '../domain/remembered.ts';

/** How many names are remembered: to look one up takes a tenth of a millisecond. */
const MEMORY = { longest: 100, most: 100 };

/** JavaScript accepts names in any spelling, and offsets such as +02:00. Other systems accept neither. */
const isTimeZone = remembered((name): boolean => {
  if (!/^[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$/.test(name)) return false;
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    return known === name || known.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}, MEMORY);

export const timeZone = z
  .string({ error: 'expected a time zone such as "Europe/Berlin"' })
  .refine(isTimeZone, {
    error: 'expected the name of an IANA time zone, spelled as in the IANA database, such as "Europe/Berlin"',
  });
