import { Times } from '../lib/times';
import { words, type Speech } from '../model/words';

/** British English, in the time zone of London's winter. */
export const ENGLISH: Speech = { words, times: new Times('en-GB', { timeZone: 'UTC' }) };
