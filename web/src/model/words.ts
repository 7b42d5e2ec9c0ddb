import { formatsOf, type Passed } from '../lib/formats';
import type { Times } from '../lib/times';
import type { ErrorCode } from '../wire';

const { bytes, number, plural, list, span } = formatsOf('en');

/**
 * What the model says about its own state, in English, the source language. It is a part of the catalogs in `ui/text`;
 * a further language has another object of the type `Words`, and a missing key does not compile.
 */
export const words = {
  everyone: 'Everyone',
  notes: 'Notes to yourself',
  somebody: 'Somebody',
  number,
  list,
  /** "2 h ago". */
  ago: ({ count, unit }: Passed): string =>
    ({
      second: 'just now',
      minute: `${count} min ago`,
      hour: `${count} h ago`,
      day: plural(count, { one: '# day ago', other: '# days ago' }),
    })[unit],
  lastSeen: (ago: string) => `last seen ${ago}`,

  /** Why a request failed. '': the server's own sentence is in this language. */
  failed: {
    bad_credentials: '',
    new_name: '',
    unauthorized: '',
    forbidden: '',
    not_found: '',
    invalid: '',
    conflict: '',
    too_large: '',
    rate_limited: '',
    blocked: '',
    unavailable: '',
    internal: '',
    offline: 'No connection.',
    timeout: 'No answer from the server.',
    unknown: 'Something went wrong. Try again.',
  } as Record<ErrorCode | 'offline' | 'timeout' | 'unknown', string>,

  signIn: {
    ask: (name: string) => `Nobody here is called ${name} yet. Create the account?`,
    wrong: 'Incorrect username or password',
    throttled: (ms: number) => `Too many attempts. Try again in ${span(ms)}.`,
    noAnswer: 'No answer from the server. Check your connection and try again.',
    missingName: 'Enter your name.',
    missingPassword: 'Enter your password.',
    notTheSame: 'The two passwords are not the same. Type yours again.',
    welcome: (name: string) => `Welcome, ${name}. Your account was created.`,
    stillIn: 'No answer from the server. You are still signed in.',
  },

  ended: {
    revoked: 'You were signed out on this device.',
    logout: 'You were signed out on this device.',
    password: 'You were signed out on this device. The password was changed.',
    disabled: 'This account is turned off. Ask an admin.',
  },

  link: {
    back: 'Back online. Catching up…',
    reconnecting: 'Reconnecting… You can keep writing; messages send when you are back.',
    offline: 'You are offline. You can keep writing; messages send when you are back.',
    offlineWaiting: (count: number) =>
      plural(count, {
        one: 'You are offline. # message is waiting.',
        other: 'You are offline. # messages are waiting.',
      }),
    stale: (count: number, ms: number) =>
      plural(count, {
        one: `# message has been waiting for ${span(ms)}.`,
        other: `# messages have been waiting for ${span(ms)}.`,
      }),
  },

  composer: {
    sendEveryone: 'Send to everyone',
    sendEveryoneIn: (room: string) => `Send to everyone in ${room}`,
    send: (name: string) => `Send to ${name}`,
    sendSomebody: 'Send to a person…',
    somebodyShort: 'Person…',
    offline: (name: string) => `${name} (offline)`,
    note: (name: string) => `Only you and ${name} will see this.`,
    later: (name: string) => `${name} will get this when back.`,
    nowPrivate: (name: string) => `Now writing to ${name}, private`,
    nowEveryone: 'Now writing to everyone',
    nowEveryoneIn: (room: string) => `Now writing to everyone in ${room}`,
    guardEveryone: (name: string) => `You wrote this to ${name}. Send it to everyone?`,
    guardEveryoneIn: (name: string, room: string) => `You wrote this to ${name}. Send it to everyone in ${room}?`,
    keepPrivate: 'Keep private',
    notify: (count: number) => plural(count, { one: 'Notify # person?', other: 'Notify # people?' }),
    notifyEveryone: 'Everyone is told about your message.',
    notifyEveryoneIn: (room: string) => `Everyone in ${room} is told about your message.`,
    keepWriting: 'Keep writing',
    sentTo: (name: string) => `Sent to ${name}.`,
    unknownTo: (name: string) => `Nobody here is called ${name}.`,
    missingTo: 'Write a name after /to.',
    tooLong: (length: number, most: number) =>
      `This message has ${number(length)} characters. The limit here is ${number(most)}.`,
  },

  upload: {
    tooLarge: (name: string, size: number, most: number) =>
      `${name} is ${bytes(size)}. The limit here is ${bytes(most)}.`,
    failed: (name: string, why: string) => `${name} could not be sent. ${why}`,
    most: (count: number) =>
      plural(count, { one: 'A message has # file at most.', other: 'A message has # files at most.' }),
  },

  notSent: (why: string) => `Not sent. ${why}`,
  removed: (room: string) => `You were removed from ${room}.`,

  feed: {
    divider: (count: number) => plural(count, { one: 'New · # message', other: 'New · # messages' }),
    newSince: (count: number, time: string) => `${number(count)} new since ${time} · Jump to latest`,
    you: 'You',
    label: (who: string, time: string) => `${who}, ${time}`,
    labelPrivate: (who: string, time: string, to: string) => `${who}, ${time}, private to ${to}`,
    toYou: 'you',
    typing: (names: readonly string[]) =>
      names.length > 2
        ? `${number(names.length)} people are typing…`
        : `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} typing…`,
  },

  heard: {
    one: (author: string, text: string) => `${author}: ${text}`,
    elsewhere: (author: string, room: string, text: string) => `${author} in ${room}: ${text}`,
    many: (count: number, room: string) =>
      plural(count, { one: `# new message in ${room}`, other: `# new messages in ${room}` }),
    manyRooms: (count: number, rooms: number) =>
      `${plural(count, { one: '# new message', other: '# new messages' })} in ${number(rooms)} conversations`,
  },
};

export type Words = typeof words;

/** The language in use; both fields are reactive. */
export interface Speech {
  readonly words: Words;
  readonly times: Times;
}
