import type { Id, ShortUser } from '../wire';
import type { ConversationKind } from './keys';
import type { Words } from './words';

/** A room of so many is called without a question. */
const CALLED_AT_ONCE = 10;
/** As the server reads it, but for signs that look alike. */
const CALL = /(?<![\p{L}\p{N}\p{M}_-])@everyone(?![\p{L}\p{N}\p{M}_-])/iu;
const CODE = /```[^]*?(?:```|$)|`[^`\n]*`/g;

/** Where a composer stands. */
export interface Place {
  readonly key: string;
  /** The key of the conversation in whose order it sends, if that is another. */
  readonly lane?: string;
  /** In a thread, the seq of the message that began it: what is sent answers that one. */
  readonly root?: number;
  readonly kind: ConversationKind;
  readonly title: string;
  readonly roomId: Id | undefined;
  /** 0 while it is not known. */
  readonly membersCount: number;
  /** The other person of a 1:1 direct conversation. */
  readonly person: ShortUser | undefined;
  /** Something was sent to the conversation itself. */
  wroteHere(): void;
}

export interface SendButton {
  /** The accessible name: "Send to everyone in Design". */
  readonly label: string;
  /** For narrow layouts: "Design". */
  readonly short: string;
  readonly armed: boolean;
  readonly private: boolean;
}

export interface Guard {
  /** "You wrote this to Ann. Send it to everyone?", "Notify 42 people?" */
  readonly question: string;
  /** Who they are; ''. */
  readonly note: string;
  /** "Send to everyone". */
  readonly confirmLabel: string;
  /** "Keep private", which has the focus. */
  readonly keepLabel: string;
  /** The words stay private when they are kept. */
  readonly private: boolean;
  confirm(): void;
  keep(): void;
}

/** "Send to everyone", "Send to everyone in Design". */
export function sendLabel({ kind, title }: Place, { composer }: Words): string {
  return kind === 'everyone' ? composer.sendEveryone : composer.sendEveryoneIn(title);
}

/** Everybody's button; undefined in a 1:1 direct conversation. */
export function roomButton(place: Place, armed: boolean, words: Words): SendButton | undefined {
  const { kind, title, person } = place;
  if (kind !== 'direct') return { label: sendLabel(place, words), short: title, armed, private: false };
  return person ? undefined : { label: words.composer.send(title), short: title, armed, private: true };
}

/** "Send to Ann", and "Send to a person…" while nobody is chosen. */
export function personButton(person: ShortUser | undefined, armed: boolean, { composer }: Words): SendButton {
  if (!person) return { label: composer.sendSomebody, short: composer.somebodyShort, armed, private: true };
  return { label: composer.send(person.display_name), short: person.display_name, armed, private: true };
}

/** The question before words that were written to one person go to all. */
export function publicGuard(place: Place, person: ShortUser, words: Words, send: () => void, close: () => void): Guard {
  const { guardEveryone, guardEveryoneIn, keepPrivate } = words.composer;
  const { display_name: name } = person;
  return {
    question: place.kind === 'everyone' ? guardEveryone(name) : guardEveryoneIn(name, place.title),
    note: '',
    confirmLabel: sendLabel(place, words),
    keepLabel: keepPrivate,
    private: true,
    ...answers(send, close),
  };
}

/** The question before a text calls many people with `@everyone`; undefined where it calls nobody, or few. */
export function everyoneGuard(
  place: Place,
  text: string,
  words: Words,
  send: () => void,
  close: () => void,
): Guard | undefined {
  const { kind, membersCount, title } = place;
  if (kind === 'direct' || membersCount <= CALLED_AT_ONCE || !CALL.test(text.replace(CODE, ''))) return undefined;
  const { notify, notifyEveryone, notifyEveryoneIn, keepWriting } = words.composer;
  return {
    question: notify(membersCount - 1),
    note: kind === 'everyone' ? notifyEveryone : notifyEveryoneIn(title),
    confirmLabel: sendLabel(place, words),
    keepLabel: keepWriting,
    private: false,
    ...answers(send, close),
  };
}

/** It is closed first: sending may ask the next question. */
function answers(send: () => void, close: () => void): Pick<Guard, 'confirm' | 'keep'> {
  return {
    confirm: () => {
      close();
      send();
    },
    keep: close,
  };
}
