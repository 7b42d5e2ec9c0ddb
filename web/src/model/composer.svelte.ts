import type { Id, ShortUser } from '../wire';
import { everyoneGuard, personButton, publicGuard, roomButton } from './audience';
import type { Guard, Place, SendButton } from './audience';
import { Attachments } from './attachments.svelte';
import { problemOf, toCommand } from './command';
import type { Services } from './services';
import type { Words } from './words';

/** What is being written in one conversation, and to whom. The audience never changes by itself. */
export class Composer {
  text = $state('');
  /** Why the text was not taken: too long, unknown "/to" name; ''. */
  problem = $state('');
  /** While it asks; focus on Keep private. */
  guard: Guard | undefined = $state.raw();
  /** "Sent to Ann." with [Open], after a private message from a room. */
  sent: { readonly text: string; readonly key: string } | undefined = $state.raw();
  /** Each change is a wish for focus in the text box, never on touch. */
  focusRequests = $state(0);

  /** Files that go along. */
  readonly attached: Attachments;
  #replyTo: number | undefined = $state();
  #armed: 'room' | 'person' = $state('room');
  #person: ShortUser | undefined = $state.raw();
  /** The person to whom some of the text was written in private. */
  #privateTo: ShortUser | undefined;
  readonly #place: Place;
  readonly #services: Services;

  constructor(place: Place, services: Services) {
    this.#place = place;
    this.#services = services;
    this.attached = new Attachments(services.outbox.uploads, services);
    const draft = services.drafts.latest(place.key);
    if (draft) this.#take(draft.audience, draft.text, draft.privateTo);
  }

  /** In a direct conversation, and in a thread, there is one audience and one button. */
  get direct(): boolean {
    return this.#place.kind === 'direct' || this.#place.root !== undefined;
  }

  /** Who gets what Enter sends. */
  get armed(): 'room' | 'person' {
    if (this.direct) return this.#place.person ? 'person' : 'room';
    return this.#armed;
  }

  /** The chosen person: armed, or on the second button. */
  get person(): ShortUser | undefined {
    return this.direct ? this.#place.person : this.#person;
  }

  /** The chip: "Everyone", "# Design", "Ann", "Ann (offline)". */
  get chip(): string {
    const person = this.#armedPerson;
    if (person)
      return this.#services.people.isOffline(person.id)
        ? this.#words.offline(person.display_name)
        : person.display_name;
    const { kind, title } = this.#place;
    return kind === 'public' || kind === 'private' ? `# ${title}` : title;
  }

  /** The seq of the message that is answered, by what the room sees; what is said in a room is not answered elsewhere. */
  get answered(): number | undefined {
    return this.direct || this.armed === 'room' ? this.#replyTo : undefined;
  }

  /** Everybody's button; undefined in a 1:1 direct conversation. */
  get roomButton(): SendButton | undefined {
    return roomButton(this.#place, this.armed === 'room', this.#services.words);
  }

  /** "Send to Ann" or "Send to a person…"; undefined in direct conversations of more than two. */
  get personButton(): SendButton | undefined {
    if (this.direct && !this.#place.person) return undefined;
    return personButton(this.person, this.armed === 'person', this.#services.words);
  }

  /** "Only you and Ann will see this." while private is armed in a room; ''. */
  get note(): string {
    const person = this.#armedPerson;
    return person && !this.direct ? this.#words.note(person.display_name) : '';
  }

  /** "Ann will get this when back."; ''. */
  get hint(): string {
    const person = this.#armedPerson;
    return person && this.#services.people.isOffline(person.id) ? this.#words.later(person.display_name) : '';
  }

  // Actions

  /** From `oninput`. "/to ann " chooses and arms Ann, and is taken out of the text. */
  write(text: string): void {
    const to = this.direct ? undefined : toCommand(text);
    const person = to && this.#services.people.byName(to.name);
    this.text = text;
    this.problem = '';
    this.sent = undefined;
    if (to && person) {
      this.#services.drafts.clear(this.#place.key, this.#audience); // what was typed of the command is no draft
      this.text = text.slice(to.length);
      this.armPerson(person.id);
    }
    this.#typed();
  }

  /** The chip, a person's name, "Reply privately". */
  armPerson(user: Id): void {
    const person = this.#services.people.get(user);
    if (!person || this.direct) return;
    const before = this.#audience;
    this.#person = person;
    this.#armed = 'person';
    this.#switched(before, this.#words.nowPrivate(person.display_name));
  }

  armRoom(): void {
    if (this.direct || this.armed === 'room') return;
    const before = this.#audience;
    this.#armed = 'room';
    const { kind, title } = this.#place;
    this.#switched(before, kind === 'everyone' ? this.#words.nowEveryone : this.#words.nowEveryoneIn(title));
  }

  /** Enter, Ctrl+Enter. */
  send(): void {
    if (this.armed === 'person') this.sendToPerson();
    else this.sendToRoom();
  }

  /** Ctrl/Cmd+Shift+Enter. `pick`: a person has to be picked first. */
  sendOther(): 'done' | 'pick' {
    if (this.armed === 'room' && !this.direct) return this.sendToPerson();
    if (!this.direct) this.sendToRoom();
    return 'done';
  }

  /** Everybody's button. Words written in private are asked about first, and those that call many people. */
  sendToRoom(): void {
    if (!this.#fits()) return;
    const person = this.direct ? undefined : this.#privateTo;
    if (!person) return this.#sendOpenly();
    this.guard = publicGuard(this.#place, person, this.#services.words, () => this.#sendOpenly(), this.#closeGuard);
  }

  /** The other button. `pick`: nobody is chosen, open the picker. */
  sendToPerson(): 'done' | 'pick' {
    if (!this.person) return 'pick';
    if (this.#fits()) this.#deliverToPerson(this.person);
    return 'done';
  }

  /** Esc: answers nothing, then back to everyone if the text is empty; true if it did something. */
  escape(): boolean {
    if (this.answered !== undefined) {
      this.#replyTo = undefined;
      return true;
    }
    if (this.text !== '' || this.direct || this.armed === 'room') return false;
    this.armRoom();
    return true;
  }

  /** What is answered is what the room sees: the answer goes there too. */
  reply(seq: number): void {
    this.armRoom();
    this.#replyTo = seq;
    this.focusRequests++;
  }

  /** Puts words back that could not be sent, below what is being written. */
  restore(body: string, to: Id | undefined): void {
    if (to && !this.direct) this.armPerson(to);
    else this.armRoom();
    this.text = this.text === '' ? body : `${this.text}\n${body}`;
    this.#typed();
    this.focusRequests++;
  }

  // Events

  /** The conversation was left: without waiting words the audience is everybody again. */
  left(): void {
    this.sent = undefined;
    if (this.text !== '' || this.direct) return;
    this.#armed = 'room';
    this.#person = undefined;
  }

  /** A private message written here has arrived. */
  arrived(person: ShortUser): void {
    this.sent = { text: this.#words.sentTo(person.display_name), key: `@${person.id}` };
  }

  // Internal

  get #armedPerson(): ShortUser | undefined {
    return this.armed === 'person' ? this.person : undefined;
  }

  get #words(): Words['composer'] {
    return this.#services.words.composer;
  }

  get #audience(): string {
    return this.#armedPerson && !this.direct ? this.#armedPerson.id : 'room';
  }

  #typed(): void {
    const person = this.#armedPerson;
    if (this.text === '') this.#privateTo = undefined;
    else if (person && !this.direct) this.#privateTo = person;
    this.#keep();
    const room = this.#place.roomId;
    if (this.text === '') return;
    if (person) this.#services.typing.tell({ to: person.id });
    else if (room) this.#services.typing.tell({ room });
  }

  #keep(): void {
    const draft = { conversation: this.#place.key, audience: this.#audience, text: this.text };
    const privateTo = this.#privateTo?.id;
    this.#services.drafts.keep(privateTo ? { ...draft, privateTo } : draft);
  }

  /** Words follow the audience; without words those that waited for it come back. */
  #switched(before: string, announcement: string): void {
    const { drafts, announcer } = this.#services;
    if (before === this.#audience) return;
    if (this.text === '') {
      const draft = drafts.get(this.#place.key, this.#audience);
      if (draft) this.#take(draft.audience, draft.text, draft.privateTo);
    } else {
      drafts.clear(this.#place.key, before);
      this.#keep();
    }
    announcer.say(announcement);
    this.focusRequests++;
  }

  #take(audience: string, text: string, privateTo: Id | undefined): void {
    this.text = text;
    this.#privateTo = privateTo ? this.#services.people.get(privateTo) : undefined;
    const person = audience === 'room' ? undefined : this.#services.people.get(audience);
    if (!person || this.direct) return;
    this.#person = person;
    this.#armed = 'person';
  }

  /** Whether there is something that can be sent; else `problem` says why not. */
  #fits(): boolean {
    if (this.text.trim() === '' && this.attached.items.length === 0) return false;
    this.problem = problemOf(this.text, this.direct, this.#words);
    if (this.problem) this.#services.announcer.alarm(this.problem);
    return this.problem === '';
  }

  #sendOpenly(): void {
    const send = () => this.#deliverToRoom();
    this.guard = everyoneGuard(this.#place, this.text, this.#services.words, send, this.#closeGuard);
    if (!this.guard) send();
  }

  #closeGuard = (): void => {
    this.guard = undefined;
    this.focusRequests++;
  };

  #deliverToRoom(): void {
    const { key, lane = key, roomId: room } = this.#place;
    if (!room) return;
    this.#deliver(lane, { room });
    this.#place.wroteHere();
  }

  #deliverToPerson(person: ShortUser): void {
    this.#deliver(`@${person.id}`, { to: person.id });
    if (this.direct) this.#place.wroteHere();
  }

  #deliver(lane: string, target: { room?: Id; to?: Id }): void {
    const { outbox, drafts, typing } = this.#services;
    const body = this.text;
    this.text = '';
    this.#privateTo = undefined;
    const { key, lane: from = key, root } = this.#place;
    drafts.clear(key, this.#audience);
    typing.sent(target);
    const reply_to = this.direct || target.room ? (this.#replyTo ?? root) : undefined;
    this.#replyTo = undefined;
    void outbox.add({ lane, from, body, uploads: this.attached.take(), ...target, ...(reply_to && { reply_to }) });
  }
}
