import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { launchBrowser } from './browser.mjs';
import { Cable } from './cable.mjs';
import { Person } from './person.mjs';
import { SET_UP, Server } from './server.mjs';
import { onBroken } from './step.mjs';

/**
 * A server and a browser for the stories of one file, each with flags of its own. After them, whoever came must have had
 * no fault: no error in a page, no violation of the policy, no request to another host.
 */
export function stage({ server = [], browser = [] } = {}) {
  return staged([...SET_UP, ...server], browser);
}

/** A stage whose server nobody has set up. */
export function newStage() {
  return staged([], []);
}

function staged(settings, flags) {
  const people = [];
  const cables = [];
  const endings = [];
  const set = {
    server: undefined,
    browser: undefined,
    /** Somebody with a fresh profile, before the sign-in. */
    async arrives(name, options, at = set.server) {
      const person = await Person.arrive(set.browser, at, name, options);
      people.push(person);
      return person;
    },
    /** A connection to the server that can be cut; people arrive at it as at the server. */
    async cable() {
      const cable = await Cable.to(set.server);
      cables.push(cable);
      return cable;
    },
    /** Somebody with an account, signed in. */
    async joins(name, options, at) {
      const person = await set.arrives(name, options, at);
      await person.register();
      return person;
    },
    /** Called after the last step, before the server goes. */
    onEnd(end) {
      endings.push(end);
    },
  };
  onBroken((step) => Promise.allSettled(people.map((one) => one.shot(`failed ${step.slice(0, 40)} ${one.name}`))));
  before(async () => {
    set.server = await Server.start(...settings);
    set.browser = await launchBrowser(...flags);
  });
  after(async () => {
    await set.browser?.close();
    await Promise.all(endings.map((end) => end()));
    await Promise.all(cables.map((cable) => cable.unplug()));
    await set.server?.remove();
    assert.deepEqual(
      people.flatMap((person) => person.faults.map((fault) => `${person.name}: ${fault}`)),
      [],
    );
  });
  return set;
}
