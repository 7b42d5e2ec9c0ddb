import type { Command } from '../../model';
import type { Desk } from '../shell/desk.svelte';
import { themes, type Appearance } from '../shell/appearance.svelte';
import { t } from '../text/text';

const pages = ['profile', 'appearance', 'language', 'notifications', 'privacy'] as const;

/** What can be done from anywhere by its name. */
export function commands(desk: Desk, appearance: Appearance, signOut: () => void): Command[] {
  const show = (id: 'create' | 'browse' | 'notices' | 'keys', text: string): Command => ({
    id,
    text,
    run: () => desk.show({ kind: id }),
  });
  return [
    { id: 'search', text: t.search.label, run: () => desk.find() },
    { id: 'mentions', text: t.mentions.title, run: () => desk.navigation.toMentions() },
    show('create', t.nav.newRoom),
    show('browse', t.nav.browse),
    ...pages.map((page) => ({
      id: `settings-${page}`,
      text: `${t.settings.title}: ${t.settings[page]}`,
      run: () => desk.show({ kind: 'settings' }),
    })),
    show('notices', t.menu.notices),
    show('keys', t.menu.shortcuts),
    ...themes.map((choice) => ({
      id: `theme-${choice}`,
      text: `${t.settings.theme}: ${t.settings.themes[choice]}`,
      run: () => void (appearance.theme = choice),
    })),
    { id: 'dnd', text: t.menu.dnd, run: () => desk.chat.away.setDnd(!desk.chat.away.dnd) },
    { id: 'sign-out', text: t.menu.signOut, run: signOut },
  ];
}
