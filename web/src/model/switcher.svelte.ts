import { fuzzy } from '../lib/fuzzy';
import type { Id } from '../wire';
import type { RecentSearches } from './recents.svelte';
import type { Sidebar, SidebarItem } from './sidebar.svelte';

const SHOWN_MOST = 50;
const RECENT_WHEN_EMPTY = 3;

/** A settings page or an action, as the interface names it. */
export interface Command {
  readonly id: string;
  readonly text: string;
  run(): void;
}

export type Choice =
  | { readonly kind: 'conversation'; readonly key: string; readonly text: string; readonly item: SidebarItem }
  | { readonly kind: 'person'; readonly key: string; readonly text: string; readonly user: Id }
  | { readonly kind: 'search'; readonly key: string; readonly text: string }
  | { readonly kind: 'command'; readonly key: string; readonly text: string; readonly command: Command };

export interface SwitcherSources {
  sidebar: Sidebar;
  recents: RecentSearches;
  commands: readonly Command[];
}

/** Everything that can be gone to by typing a few letters of it; it asks nobody, so it works offline. */
export class Switcher {
  query = $state('');
  /** Unread first while nothing is typed, else the best answers first. */
  readonly choices: readonly Choice[] = $derived.by(() => (this.query.trim() === '' ? this.#atHand() : this.#found()));

  readonly #sources: SwitcherSources;

  constructor(sources: SwitcherSources) {
    this.#sources = sources;
  }

  #atHand(): Choice[] {
    const recent = this.#searches().slice(0, RECENT_WHEN_EMPTY);
    const conversations = this.#conversations().toSorted((a, b) => urgency(a.item) - urgency(b.item));
    return [...conversations.slice(0, SHOWN_MOST), ...recent, ...this.#commands()];
  }

  #found(): Choice[] {
    const all: Choice[] = [...this.#conversations(), ...this.#people(), ...this.#searches(), ...this.#commands()];
    const scored = all.flatMap((choice) => {
      const score = fuzzy(this.query, choice.text);
      return score === undefined ? [] : [{ choice, score: score + favour(choice) }];
    });
    const best = scored.toSorted((a, b) => b.score - a.score).slice(0, SHOWN_MOST);
    return best.map(({ choice }) => choice);
  }

  #conversations() {
    const { rooms, directs } = this.#sources.sidebar;
    return [...rooms, ...directs].map((item) => conversation(item));
  }

  /** Those who have no conversation in the sidebar yet. */
  #people(): Choice[] {
    return this.#sources.sidebar.people.map(({ id, display_name }) => ({
      kind: 'person',
      key: `p${id}`,
      text: display_name,
      user: id,
    }));
  }

  #searches(): Choice[] {
    return this.#sources.recents.items.map((text) => ({ kind: 'search', key: `s${text}`, text }));
  }

  #commands(): Choice[] {
    return this.#sources.commands.map((command) => ({
      kind: 'command',
      key: `x${command.id}`,
      text: command.text,
      command,
    }));
  }
}

function conversation(item: SidebarItem) {
  return { kind: 'conversation', key: `c${item.key}`, text: item.title, item } as const;
}

function urgency(item: SidebarItem): number {
  if (item.badge !== '') return 0;
  if (item.bold && !item.muted) return 1;
  return item.open ? 3 : 2;
}

/** Of what answers alike, places come before words and deeds. */
function favour(choice: Choice): number {
  if (choice.kind === 'conversation') return choice.item.badge === '' ? 2 : 3;
  return choice.kind === 'person' ? 1 : 0;
}
