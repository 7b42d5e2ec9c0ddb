import { RequestError } from '../net/requesterror';
import type { Words } from './words';

/** What a caught value says to a person: in English the server's own sentence, else what its code means. */
export function reason(error: unknown, { failed }: Words): string {
  if (!(error instanceof RequestError)) return failed.unknown;
  return failed[error.code] || error.message;
}
