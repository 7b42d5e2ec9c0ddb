import { formatsOf } from '../../lib/formats';

const { number, plural } = formatsOf('en');

export const switcher = {
  title: 'Go to',
  find: 'Room, person or command',
  searchFor: (looked: string) => `Search messages for “${looked}”`,
  recent: 'searched before',
  command: 'command',
  none: (query: string) => `Nothing is called “${query}”.`,
  all: 'Keyboard: ↑ ↓ to choose, Enter to go',
};

export const search = {
  title: 'Search',
  label: 'Search messages',
  scope: 'Where to search',
  here: 'This conversation',
  everywhere: 'Everywhere',
  filters: 'Filters',
  from: (name: string) => `from: ${name}`,
  in: (name: string) => `in: ${name}`,
  hasFile: 'has: file',
  before: (day: string) => `before: ${day}`,
  beforeLabel: 'Only before this day',
  fromLabel: 'Only from this person',
  anybody: 'From anybody',
  remove: (filter: string) => `Remove the filter ${filter}`,
  count: (n: number, more: boolean, ms: number) =>
    more
      ? `more than ${plural(n, { one: '# result', other: '# results' })} · ${number(ms)} ms`
      : `${plural(n, { one: '# result', other: '# results' })} · ${number(ms)} ms`,
  offline: 'You are offline. Only messages kept on this device were searched.',
  none: (looked: string) => `No messages match “${looked}”.`,
  noneFiltered: 'No messages match these filters.',
  searchEverywhere: 'Search everywhere',
  hint: 'Narrow it down with from:name, in:room, has:file or before:2026-11-21.',
  direct: (name: string) => `Direct · ${name}`,
  you: 'You',
  more: 'Load more',
};

export const mentions = {
  title: 'Mentions',
  empty: 'Nothing addressed to you. Enjoy.',
  unread: 'not read yet',
  inRoom: (name: string) => `in ${name}`,
  direct: 'direct',
};
