import { codePoints } from '../lib/text';
import type { Words } from './words';

const BODY_MOST = 8000;
const TO = /^\/to\s+@?(\S+)(\s)/;
const TO_ASKED = /^\/to(?:$|\s+@?(\S*))/;

/** Whom a text begins by naming, "/to ann ", and how long the command is. */
export function toCommand(text: string): { readonly name: string; readonly length: number } | undefined {
  const [all, name] = TO.exec(text) ?? [];
  return all && name ? { name, length: all.length } : undefined;
}

/** Why a text cannot be sent as it stands; ''. `direct`: there is nobody to choose. */
export function problemOf(text: string, direct: boolean, words: Words['composer']): string {
  const to = direct ? null : TO_ASKED.exec(text);
  if (to) return to[1] ? words.unknownTo(to[1]) : words.missingTo;
  const length = codePoints(text);
  return length > BODY_MOST ? words.tooLong(length, BODY_MOST) : '';
}
