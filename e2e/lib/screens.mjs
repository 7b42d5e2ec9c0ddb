import { passing } from './screens-passing.mjs';
import {
  begins,
  setUp,
  button,
  details,
  fromDetails,
  fromMenu,
  fromMessageMenu,
  me,
  named,
  onFirstMessage,
  onLastMessage,
  opens,
  pickAudience,
  signIn,
  upTo,
  withKeys,
  writeTo,
} from './ways.mjs';

/**
 * Every screen of the client, once. The tests of accessibility and the tour both go through this table, so a new screen
 * is one more entry. `at` is where it begins; `go` leads from there to the screen, `back` undoes what outlives the page.
 * Both get a visit: the page, the texts `t` in the language of the page, the town. `narrow`: only where one pane is shown
 * at a time.
 */
export const screens = [
  { name: 'sign-in', at: 'outside' },
  {
    name: 'sign-in-wrong',
    at: 'outside',
    go: async (visit) => {
      await signIn(visit, 'Ann', 'not her password');
      await visit.page.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'sign-in-new',
    at: 'outside',
    go: async (visit) => {
      await signIn(visit, 'Zoe', 'correct horse battery');
      await button(visit, visit.t.signIn.create).waitFor();
    },
  },
  {
    name: 'sign-in-invited',
    at: 'outside',
    go: async ({ page, t }) => {
      await page.goto('/invite/ABCD-EFGH-IJKL-MNOP');
      await page.getByLabel(t.invites.code, { exact: true }).waitFor();
    },
  },
  { name: 'list', at: 'list', narrow: true },
  { name: 'everyone', at: 'Everyone' },
  { name: 'room', at: 'Design' },
  { name: 'private-room', at: 'Ops' },
  { name: 'empty-room', at: 'Empty shelf' },
  { name: 'room-to-join', at: 'Reading club', go: ({ page, t }) => named(page, 'button', t.room.join).waitFor() },
  { name: 'direct', at: '@Bob' },
  {
    name: 'empty-direct',
    at: '@Chen',
    go: ({ page, t }) => page.getByText(t.feed.startDirect('Chen')).waitFor(),
  },
  { name: 'missing', at: '404', go: ({ page, t }) => page.getByText(t.room.missing).waitFor() },
  { name: 'audience', at: 'Design', go: pickAudience },
  { name: 'private', at: 'Design', go: (visit) => writeTo(visit, 'Bob', 'Between us: well done.') },
  {
    name: 'guard',
    at: 'Everyone',
    go: async (visit) => {
      await writeTo(visit, 'Bob', 'Between us: well done.');
      await visit.page.keyboard.press('Control+Shift+Enter');
      await visit.page.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'suggestions',
    at: 'Design',
    go: async (visit) => {
      await begins(visit, 'What do you think, @');
      await visit.page.getByRole('listbox', { name: visit.t.complete.label }).waitFor();
    },
  },
  {
    name: 'suggestions-emoji',
    at: 'Design',
    go: async (visit) => {
      await begins(visit, ':he');
      await visit.page.getByRole('listbox', { name: visit.t.complete.label }).waitFor();
    },
  },
  {
    name: 'formatting',
    at: 'Design',
    go: async (visit) => {
      const { page, t } = visit;
      await page.evaluate(() => localStorage.setItem('parley.writing.toolbar', '1'));
      await page.reload();
      await settled(visit, { at: 'Design' });
      await page
        .getByRole('textbox', { name: t.composer.message, exact: true })
        .fill('It is **almost** done, `make` says');
      await page.getByRole('toolbar').waitFor();
      await named(page, 'button', t.format.preview).click();
    },
    back: ({ page }) => page.evaluate(() => localStorage.removeItem('parley.writing.toolbar')),
  },
  {
    name: 'message-menu',
    at: 'Design',
    go: async (visit) => {
      await onLastMessage(visit, 'Enter');
      await visit.page.getByRole('menu').waitFor();
    },
  },
  { name: 'route', at: '@Bob', go: (visit) => fromMessageMenu(visit, 1, visit.t.message.actions.route) },
  { name: 'seen-by', at: 'Design', go: (visit) => fromMessageMenu(visit, -1, visit.t.reach.seenBy(2)) },
  {
    name: 'reply',
    at: 'Design',
    go: async (visit) => {
      await onLastMessage(visit, 'r');
      await named(visit.page, 'button', visit.t.message.notReplying).waitFor();
    },
  },
  {
    name: 'emoji',
    at: 'Design',
    go: async (visit) => {
      await onLastMessage(visit, '+');
      const panel = visit.page.getByRole('dialog', { name: visit.t.emoji.label });
      await panel.getByRole('button', { name: '😀' }).or(panel.locator('.grid button')).first().waitFor();
    },
  },
  {
    name: 'edit',
    at: 'Everyone',
    go: async (visit) => {
      await onFirstMessage(visit, 'e');
      await visit.page.getByRole('textbox', { name: visit.t.message.editing }).waitFor();
    },
  },
  {
    name: 'delete',
    at: 'Everyone',
    go: async (visit) => {
      await onFirstMessage(visit, 'Delete');
      await visit.page.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'picture',
    at: 'Design',
    go: async (visit) => {
      await onLastMessage(visit, 'Home');
      await visit.page
        .getByRole('list', { name: visit.t.files.images(1) })
        .getByRole('button')
        .press('Enter');
      await visit.page.getByRole('dialog').waitFor();
    },
  },
  { name: 'details-about', at: 'Design', go: (visit) => details(visit, 'about') },
  { name: 'details-people', at: 'Design', go: (visit) => details(visit, 'people') },
  { name: 'details-files', at: 'Design', go: (visit) => details(visit, 'files') },
  { name: 'details-pins', at: 'Design', go: (visit) => details(visit, 'pins') },
  { name: 'details-no-pins', at: 'Empty shelf', go: (visit) => details(visit, 'pins') },
  {
    name: 'thread',
    at: 'Design',
    go: async (visit) => {
      const replies = button(visit, visit.t.thread.replies(2));
      await upTo(visit, replies);
      await replies.press('Enter');
      await visit.page.getByRole('complementary', { name: visit.t.thread.title }).getByRole('article').nth(2).waitFor();
    },
  },
  {
    name: 'edits',
    at: 'Design',
    go: async (visit) => {
      await onLastMessage(visit, 'Home');
      await opens(visit, visit.t.feed.edited);
      await visit.page.getByRole('dialog').getByRole('listitem').nth(3).waitFor();
    },
  },
  {
    name: 'files-from',
    at: 'Design',
    go: async (visit) => {
      await details(visit, 'people');
      await visit.page.getByRole('tabpanel').getByRole('button', { name: /Dee/ }).click();
      await named(visit.page.getByRole('dialog'), 'button', visit.t.room.files).click();
      await visit.page.getByRole('dialog').getByRole('link').waitFor();
    },
  },
  {
    name: 'profile',
    at: 'Design',
    go: async (visit) => {
      await details(visit, 'people');
      await visit.page.getByRole('tabpanel').getByRole('button', { name: /Bob/ }).click();
      await visit.page.getByRole('dialog').waitFor();
    },
  },
  { name: 'invite', at: 'Design', go: (visit) => fromDetails(visit, visit.t.room.invite) },
  { name: 'edit-room', at: 'Design', go: (visit) => fromDetails(visit, visit.t.room.edit) },
  { name: 'leave', at: 'Design', go: (visit) => fromDetails(visit, visit.t.room.leave) },
  { name: 'create-room', at: 'list', go: (visit) => opens(visit, visit.t.nav.newRoom) },
  { name: 'browse-rooms', at: 'list', go: (visit) => opens(visit, visit.t.nav.browse) },
  { name: 'menu', at: 'list', go: (visit) => me(visit).click() },
  { name: 'settings', at: 'list', go: (visit) => fromMenu(visit, visit.t.menu.settings) },
  { name: 'set-up', at: 'list', go: (visit) => setUp(visit, 1) },
  { name: 'set-up-joining', at: 'list', go: (visit) => setUp(visit, 2) },
  { name: 'set-up-sharing', at: 'list', go: (visit) => setUp(visit, 3) },
  { name: 'keys', at: 'list', go: (visit) => fromMenu(visit, visit.t.menu.shortcuts) },
  { name: 'switcher', at: 'Design', go: (visit) => withKeys(visit, 'Control+k') },
  {
    name: 'search',
    at: 'Design',
    go: async (visit) => {
      await withKeys(visit, 'Control+f');
      await visit.page.getByRole('searchbox').fill('line');
      await visit.page.locator('mark').first().waitFor();
    },
  },
  {
    name: 'search-nothing',
    at: 'Design',
    go: async (visit) => {
      await withKeys(visit, 'Control+f');
      await visit.page.getByRole('searchbox').fill('unheard of');
      await visit.page.getByText(visit.t.search.none('unheard of')).waitFor();
    },
  },
  {
    name: 'mentions',
    at: '/mentions',
    go: ({ page, t }) => page.getByRole('heading', { name: t.mentions.title, level: 1 }).waitFor(),
  },
  {
    name: 'wire',
    at: 'Design',
    go: async (visit) => {
      await visit.page.keyboard.press('Control+.');
      const pane = visit.page.getByRole('complementary', { name: visit.t.wire.title });
      await named(pane, 'button', visit.t.wire.play).click();
      await pane.getByRole('row').nth(1).waitFor();
    },
  },
  ...passing,
];

/** Goes to a screen from wherever the page is, and is there when nothing more is on its way. */
export async function goTo(screen, visit) {
  const { page, town } = visit;
  await page.goto(pathOf(screen.at, town));
  if (screen.at === 'outside') await named(page, 'button', visit.t.signIn.submit).waitFor();
  else await settled(visit, screen);
  await screen.go?.(visit);
}

/** The screens that are of use at a width. */
export function screensAt(width) {
  return screens.filter(({ narrow }) => !narrow || width < 768);
}

function pathOf(at, town) {
  if (at.startsWith('/')) return at;
  if (at === 'outside' || at === 'list') return '/';
  if (at.startsWith('@')) return `/direct/${town.people[at.slice(1)]}`;
  return `/room/${town.rooms[at] ?? at}`;
}

/** The person is connected, and the conversation has its messages. */
async function settled(visit, { at }) {
  await me(visit).waitFor({ state: 'attached' });
  const title = at.startsWith('@')
    ? at.slice(1)
    : visit.town.rooms[at] && (at === 'Everyone' ? visit.t.room.everyone : at);
  if (!title) return;
  await visit.page.getByRole('heading', { name: title, exact: true, level: 1 }).waitFor();
  await visit.page.locator('.feed [aria-busy=false]').waitFor({ state: 'attached' });
}
