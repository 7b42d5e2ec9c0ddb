import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export const PASSWORD = 'correct horse battery';
const ARTIFACTS = join(import.meta.dirname, '../artifacts');

/** Somebody with a browser profile of their own, and everything that went wrong or came over the wire in it. */
export class Person {
  /** Violations of the content security policy, errors in the page, requests to other hosts. */
  faults = [];
  /** Every WebSocket frame that the server sent to this profile. */
  frames = [];
  #url;
  context;
  page;

  /** Opens a fresh profile at the sign-in. `at` is a server or a cable. */
  static async arrive(browser, at, name, options = {}) {
    const person = new Person();
    person.name = name;
    person.#url = at.url;
    person.context = await browser.newContext({
      baseURL: at.url,
      locale: 'en-GB',
      reducedMotion: 'reduce',
      ...options,
    });
    person.context.setDefaultTimeout(10_000);
    await person.#watch();
    await person.openPage();
    return person;
  }

  // Actions

  async openPage(path = '/') {
    this.page = await this.context.newPage();
    await this.page.goto(path);
  }

  async fillIn(password = PASSWORD) {
    await this.page.getByLabel('Name', { exact: true }).fill(this.name);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.button('Sign in').click();
  }

  /** The first sign-in: the client asks, and the account is created. */
  async register() {
    await this.fillIn();
    await this.page.getByText(`Nobody here is called ${this.name} yet. Create the account?`).waitFor();
    await this.page.getByLabel('Password again', { exact: true }).fill(PASSWORD);
    await this.button('Create account').click();
    await this.inChat();
  }

  async signIn() {
    await this.fillIn();
    await this.inChat();
  }

  async signOut() {
    await this.page.getByRole('button', { name: `${this.name} online` }).click();
    await this.button('Sign out').click();
    await this.page.getByLabel('Name', { exact: true }).waitFor();
  }

  async open(conversation) {
    await this.link(conversation).click();
    await this.page.getByRole('heading', { name: conversation, exact: true, level: 1 }).waitFor();
  }

  /** Makes a room, which is then open. */
  async createRoom(name, { kind = 'Open', members = [] } = {}) {
    await this.button('Create a room').click();
    const dialog = this.page.getByRole('dialog', { name: 'Create a room' });
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    await dialog.getByRole('radio', { name: kind }).check();
    for (const member of members) await dialog.getByRole('checkbox', { name: member }).check();
    await dialog.getByRole('button', { name: 'Create room' }).click();
    await this.page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
  }

  /** Writes and presses the button whose name says who gets it. */
  async send(text, button) {
    await this.box.fill(text);
    await this.button(button).click();
  }

  /** Chooses the person whom the second button then names. */
  async choose(person) {
    await this.page.getByRole('button', { name: /^To: / }).click();
    await this.page.getByRole('option', { name: new RegExp(`^${person}\\b`) }).click();
  }

  /** Keeps a picture outside git. */
  async shot(name) {
    mkdirSync(ARTIFACTS, { recursive: true });
    await this.page.screenshot({ path: join(ARTIFACTS, `${name}.png`) });
  }

  async leave() {
    await this.context.close();
  }

  // What is on the page

  get box() {
    return this.page.getByRole('textbox', { name: 'Message' });
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** A conversation or a person in the sidebar. */
  link(name) {
    const links = this.page.getByRole('navigation', { name: 'Conversations' }).getByRole('link');
    return links.filter({ has: this.page.getByText(name, { exact: true }) });
  }

  message(text) {
    return this.page.getByRole('article').filter({ has: this.page.getByText(text, { exact: true }) });
  }

  async inChat() {
    await this.page.getByRole('navigation', { name: 'Conversations' }).waitFor();
  }

  async sees(text) {
    await this.message(text).waitFor();
  }

  /** The message is on the server: its row shows the check, or how much further it is. */
  async sent(text) {
    await this.is(/^(Sent|Delivered|Seen)$/, text);
  }

  /** An own message is as far as its row says. */
  async is(state, text) {
    await this.message(text).getByRole('img', { name: state, exact: true }).waitFor();
  }

  /** Waits for the first violation of the policy. */
  async violated() {
    while (!this.faults.some((fault) => fault.startsWith('policy violation'))) {
      await this.page.evaluate(() => new Promise(requestAnimationFrame));
    }
  }

  /** Waits until some record of the profile's IndexedDB holds a text. */
  async onDisk(text) {
    while (!(await this.page.evaluate(isOnDisk, text)))
      await this.page.evaluate(() => new Promise(requestAnimationFrame));
  }

  /** The service worker is in charge: the page opens without a server from now on. */
  async keepsPage() {
    await this.page.evaluate(() => navigator.serviceWorker.ready);
    await this.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  }

  /** The texts of the messages on the page, from the top. */
  async texts() {
    return this.page.locator('article .body').allInnerTexts();
  }

  // Internal

  async #watch() {
    const host = new URL(this.#url).host;
    this.context.on('request', (request) => {
      const url = new URL(request.url());
      if (!['data:', 'blob:'].includes(url.protocol) && url.host !== host) this.faults.push(`request to ${url}`);
    });
    this.context.on('page', (page) => {
      page.on('pageerror', (error) => this.faults.push(`error in the page: ${error.stack}`));
      page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => this.frames.push(String(payload))));
    });
    await this.context.exposeFunction('reportViolation', (text) => this.faults.push(text));
    await this.context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => {
        window.reportViolation(`policy violation: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
  }
}

/** In the page. */
async function isOnDisk(text) {
  const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name));
    for (const store of db.objectStoreNames) {
      found.push(...(await done(db.transaction(store).objectStore(store).getAll())));
    }
    db.close();
  }
  return JSON.stringify(found).includes(text);
}
