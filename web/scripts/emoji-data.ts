import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

const NAME = 'virtual:emoji/';
const NEWEST = 15.1; // what the fonts of the machines in use have
const COMPONENT = 2; // skin tones and hair, which are no emoji by themselves
const TONES = ['🏻', '🏼', '🏽', '🏾', '🏿'];

interface Entry {
  emoji: string;
  label: string;
  tags?: string[];
  group?: number;
  version: number;
  skins?: { emoji: string; tone: number | number[] }[];
}

/**
 * `virtual:emoji/<language>`: every emoji on a line of its own, as `emoji|group|1 if it has skin tones|name|keywords`,
 * made from emojibase-data, which is many times as large.
 */
export function emojiData(): Plugin {
  const require = createRequire(import.meta.url);
  return {
    name: 'emoji-data',
    resolveId: (id) => (id.startsWith(NAME) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${NAME}`)) return undefined;
      const entries = require(`emojibase-data/${id.slice(NAME.length + 1)}/data.json`) as Entry[];
      const kept = entries.filter((one) => one.group !== undefined && one.group !== COMPONENT && one.version <= NEWEST);
      return `export default ${JSON.stringify(kept.map(line).join('\n'))}`;
    },
  };
}

function line({ emoji, label, tags = [], group, skins }: Entry): string {
  const toned = skins?.filter((skin) => typeof skin.tone === 'number') ?? [];
  const simple = toned.length === TONES.length && toned.every((skin, at) => skin.emoji === withTone(emoji, at));
  const words = tags.filter((tag) => !label.includes(tag)).join(' ');
  return [emoji, group, simple ? 1 : '', label, words].join('|');
}

/** As lib/emoji.ts does it. */
function withTone(emoji: string, tone: number): string {
  const [person = '', ...rest] = emoji.replace(/^(.)\uFE0F/u, '$1');
  return person + (TONES[tone] ?? '') + rest.join('');
}
