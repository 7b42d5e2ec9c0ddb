import type { Id, ShortUser } from '../wire';
import type { ConversationKind } from './keys';
import type { Words } from './words';

/** Where a composer stands. */
export interface Place {
  readonly key: string;
  readonly kind: ConversationKind;
  readonly title: string;
  readonly roomId: Id | undefined;
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
  /** "You wrote this to Ann. Send it to everyone?" */
  readonly question: string;
  /** "Send to everyone". */
  readonly confirmLabel: string;
  /** "Keep private", which has the focus. */
  readonly keepLabel: string;
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
    confirmLabel: sendLabel(place, words),
    keepLabel: keepPrivate,
    confirm: () => {
      send();
      close();
    },
    keep: close,
  };
}
