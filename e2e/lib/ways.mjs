// Ways that lead to more than one screen. Each gets a visit: the page, the texts `t` in the language of the page, the town.

export function named(page, role, name) {
  return page.getByRole(role, { name, exact: true });
}

export function button({ page }, name) {
  return named(page, 'button', name);
}

/** One's own menu, which is short on a phone. */
export function me({ page, t }) {
  return page.locator('button.me').filter({ hasText: t.presence.online });
}

export async function signIn({ page, t }, name, password) {
  await page.getByLabel(t.signIn.name, { exact: true }).fill(name);
  await page.getByLabel(t.signIn.password, { exact: true }).fill(password);
  await named(page, 'button', t.signIn.submit).click();
}

export async function pickAudience({ page }) {
  await page.locator('button.audience-chip').click();
  await page.getByRole('option').first().waitFor();
}

export async function writeTo(visit, person, text) {
  await pickAudience(visit);
  await visit.page.getByRole('option', { name: new RegExp(`^${person}`) }).click();
  await visit.page.getByRole('textbox', { name: visit.t.composer.message, exact: true }).fill(text);
}

/** Types in the composer, in place of what an earlier screen has left there. */
export async function begins({ page, t }, text) {
  await named(page, 'textbox', t.composer.message).fill('');
  await page.keyboard.type(text);
}

export async function onLastMessage({ page }, key) {
  await page.getByRole('article').last().focus();
  await page.keyboard.press(key);
}

/** What an entry of a message's menu opens; `at` counts the messages, from the end if it is negative. */
export async function fromMessageMenu({ page }, at, name) {
  await page.getByRole('article').nth(at).focus();
  await page.keyboard.press('Enter');
  await named(page, 'menuitem', name).click();
  await page.getByRole('dialog').locator('[aria-busy=false]').waitFor();
}

/** Goes up the messages until one has what is wanted: where the list is short, it is not rendered before. */
export async function upTo({ page }, wanted) {
  await page.getByRole('article').last().focus();
  for (let steps = 0; steps < 100 && !(await wanted.isVisible()); steps++) await page.keyboard.press('ArrowUp');
}

/** Where the list is short, its first message may not be rendered. */
export async function onFirstMessage({ page }, key) {
  await page.getByRole('article').last().focus();
  await page.keyboard.press('Home');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-posinset') === '1');
  await page.keyboard.press(key);
}

export async function details(visit, tab) {
  await button(visit, visit.t.room.details).click();
  await named(visit.page, 'tab', visit.t.room[tab]).click();
  await named(visit.page, 'tabpanel', visit.t.room[tab]).waitFor();
}

export async function withKeys({ page }, keys) {
  await page.keyboard.press(keys);
  await page.getByRole('dialog').waitFor();
}

export async function fromDetails(visit, name) {
  await details(visit, 'about');
  await opens(visit, name);
}

export async function opens(visit, name, { exact = true } = {}) {
  await visit.page.getByRole('button', { name, exact }).click();
  await visit.page.getByRole('dialog').or(visit.page.getByRole('alertdialog')).last().waitFor();
}

export async function fromMenu(visit, name) {
  await me(visit).click();
  await opens(visit, name);
}

/** The settings of the server, at a step. */
export async function setUp(visit, step) {
  const { page, t } = visit;
  await fromMenu(visit, t.menu.settings);
  await button(visit, t.setup.open).click();
  const dialog = page.getByRole('dialog', { name: t.setup.title });
  for (let at = 1; at < step; at++) {
    await dialog.getByText(t.setup.step(at, 3)).waitFor();
    await named(dialog, 'button', t.setup.next).click();
  }
  await dialog.getByText(t.setup.step(step, 3)).waitFor();
}
