import { once } from 'node:events';
import { fromWeb } from './packages.mjs';
import { PASSWORD } from './person.mjs';
import { design, direct, everyone, ops } from './said.mjs';

const { io } = fromWeb('socket.io-client');
const PEOPLE = ['Ann', 'Bob', 'Chen', 'Dee', 'Elif', 'Maximiliane', 'Tomasz'];

/**
 * A server with people on it who have talked for a while: open and private rooms, direct messages, replies, reactions,
 * code, pictures. Ann is its owner; she has read some of it.
 */
export class Town {
  #url;
  #sockets = new Map();
  #tokens = new Map();
  /** Conversations and people by name, with their ids. */
  rooms = {};
  people = {};

  /** `picture` is a PNG that somebody shares. */
  static async found(url, picture) {
    const town = new Town();
    town.#url = url;
    for (const name of PEOPLE) await town.#settle(name);
    await town.ask('Ann', 'server:update', { set_up: true });
    await town.#build(picture);
    return town;
  }

  async ask(name, event, input) {
    const answer = await this.#sockets.get(name).emitWithAck(event, input);
    if (!answer.ok) throw new Error(`${name} asks for ${event}: ${answer.error.message}`);
    return answer;
  }

  leave() {
    for (const socket of this.#sockets.values()) socket.disconnect();
  }

  // Internal

  async #settle(name) {
    const socket = io(this.#url, { forceNew: true });
    await once(socket, 'connect');
    this.#sockets.set(name, socket);
    const { user, token } = await this.ask(name, 'auth:login', { name, password: PASSWORD, token: true });
    this.people[name] = user.id;
    this.#tokens.set(name, token);
  }

  async #build(picture) {
    const members = (...names) => names.map((name) => this.people[name]);
    await this.#room('Ann', {
      name: 'Design',
      topic: 'The launch page, ready by Friday',
      members: members('Bob', 'Chen', 'Dee'),
    });
    await this.#room('Ann', { name: 'Ops', private: true, topic: 'Quiet nights', members: members('Elif', 'Bob') });
    await this.#room('Dee', { name: 'Reading club', topic: 'One book a month' });
    await this.#room('Bob', { name: 'Empty shelf', members: members('Ann') });
    const { rooms } = await this.ask('Ann', 'sync', {});
    this.rooms.Everyone = rooms.find(({ room }) => room.kind === 'everyone').room.id;

    await this.#talk(everyone, { room: this.rooms.Everyone });
    await this.#talk(ops, { room: this.rooms.Ops });
    await this.#talk(direct, (name) => ({ to: this.people[name === 'Ann' ? 'Bob' : 'Ann'] }));
    const file = await this.#upload('Dee', picture);
    const seqs = await this.#talk(design, { room: this.rooms.Design }, { picture: file });
    await this.ask('Bob', 'message:edit', {
      room: this.rooms.Design,
      seq: seqs[1],
      body: design[1].text.replace('phones', 'small phones'),
    });
    await this.ask('Ann', 'pin:set', { room: this.rooms.Design, seq: seqs[0], on: true });
    await this.ask('Ann', 'read:set', { room: this.rooms.Everyone, seq: 2 });
    for (const name of ['Chen', 'Dee']) {
      await this.ask(name, 'read:set', { room: this.rooms.Design, seq: seqs.at(-1) });
    }
    await this.ask('Ann', 'block:set', { user: this.people.Tomasz, on: true });
    await this.ask('Ann', 'presence:set', { state: 'online' });
    await this.ask('Chen', 'presence:set', { state: 'away' });
    await this.ask('Dee', 'presence:set', { state: 'dnd' });
    await this.ask('Maximiliane', 'block:set', { user: this.people.Ann, on: true });
    this.#sockets.get('Maximiliane').disconnect();
  }

  async #room(by, { members = [], ...input }) {
    const { room } = await this.ask(by, 'room:create', { ...input, members });
    this.rooms[input.name] = room.id;
  }

  /** Says the lines of a conversation, in order. Answers their places in it. */
  async #talk(lines, audience, files = {}) {
    const seqs = [];
    for (const [at, { by, text, answers, reactions = {}, file }] of lines.entries()) {
      const to = typeof audience === 'function' ? audience(by) : audience;
      const { message } = await this.ask(by, 'message:send', {
        ...to,
        body: text,
        cid: `${by}-${at}-${Object.values(to)[0]}`,
        ...(answers === undefined ? {} : { reply_to: seqs[answers] }),
        ...(file ? { files: [files[file]] } : {}),
      });
      seqs.push(message.seq);
      for (const [emoji, names] of Object.entries(reactions)) {
        for (const name of names) {
          await this.ask(name, 'reaction:set', { room: message.room, seq: message.seq, emoji, on: true });
        }
      }
    }
    return seqs;
  }

  async #upload(by, bytes) {
    const form = new FormData();
    form.append('alt', 'Three rounded shapes in blue and violet');
    form.append('file', new Blob([bytes], { type: 'image/png' }), 'header.png');
    const headers = { authorization: `Bearer ${this.#tokens.get(by)}` };
    const response = await fetch(`${this.#url}/api/v1/files`, { method: 'POST', headers, body: form });
    const answer = await response.json();
    if (!answer.ok) throw new Error(`the picture cannot be uploaded: ${answer.error.message}`);
    return answer.file.id;
  }
}
