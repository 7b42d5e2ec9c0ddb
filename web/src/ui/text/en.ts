import { formatsOf } from '../../lib/formats';
import { words } from '../../model/words';

const { bytes, plural } = formatsOf('en');

/**
 * Every word of the interface, in English, the source language. A further language is another object of the type
 * `Texts`: a missing key does not compile. Names are put in as they are and never changed. What the model says about
 * its own state, such as a banner, is in `words`.
 */
export const en = {
  words,
  product: 'Parley',
  close: 'Close',
  cancel: 'Cancel',
  back: 'Back',
  loading: 'Loading…',
  toContent: 'Skip to the conversation',

  signIn: {
    heading: 'Sign in',
    name: 'Name',
    password: 'Password',
    submit: 'Sign in',
    submitting: 'Signing in…',
    newHere: 'New here? Your first sign-in creates your account.',
    reveal: 'Show password',
    hide: 'Hide password',
    tryAgain: 'Try again',
    again: 'Password again',
    rule: 'At least 8 characters',
    create: 'Create account',
    creating: 'Creating the account…',
    kept: 'Drafts and waiting messages are kept on this device.',
  },

  nav: {
    label: 'Conversations',
    heading: 'Chats',
    rooms: 'Rooms',
    direct: 'Direct',
    people: 'People',
    noPeople: 'Nobody else is here yet.',
    newRoom: 'Create a room',
    browse: 'Browse rooms',
    draft: 'draft',
    unread: (n: number) =>
      n > 99 ? 'more than 99 unread messages' : plural(n, { one: '# unread message', other: '# unread messages' }),
    mentions: (n: number) => (n > 99 ? 'more than 99 mentions' : plural(n, { one: '# mention', other: '# mentions' })),
    privateRoom: 'private',
    me: (name: string) => `${name}, your menu`,
    you: (name: string) => `${name} (you)`,
  },

  presence: { online: 'online', away: 'away', dnd: 'do not disturb', offline: 'offline' },

  menu: {
    settings: 'Settings',
    dnd: 'Do not disturb',
    shortcuts: 'Keyboard shortcuts',
    signOut: 'Sign out',
  },

  settings: {
    title: 'Settings',
    profile: 'Profile',
    displayName: 'Display name',
    about: 'About you',
    save: 'Save',
    saved: 'Saved.',
    appearance: 'Appearance',
    theme: 'Theme',
    themes: { system: 'System', light: 'Light', dark: 'Dark', contrast: 'High contrast' },
    density: 'Density',
    densities: { compact: 'Compact', cozy: 'Cozy', roomy: 'Roomy' },
    size: 'Text size',
    still: 'Reduce motion',
    language: 'Language and time',
    languageOf: 'Language',
    browser: (name: string) => `As the browser: ${name}`,
    clock: 'Clock',
    clocks: { language: 'As the language has it', '12': '12 hours', '24': '24 hours' },
    notifications: 'Notifications',
    sound: 'Play a sound for',
    spoken: 'Read aloud to screen readers',
    which: { all: 'Every message', mentions: 'Direct messages and mentions', none: 'Nothing' },
    volume: 'Volume',
    try: 'Play the sound',
    privacy: 'Privacy',
    receipts: 'Show when I have read a direct message',
    receiptsNote: 'Without it you do not see it of others either.',
  },

  room: {
    everyone: 'Everyone',
    members: (n: number) => plural(n, { one: '# member', other: '# members' }),
    online: (n: number) => plural(n, { other: '# online' }),
    details: 'Details',
    join: 'Join',
    joinNote: 'You are looking at an open room. Join it to write.',
    leave: 'Leave',
    leaveAsk: (name: string) => `Leave ${name}?`,
    leaveOpen: 'You can rejoin any time.',
    leavePrivate: 'You will need a new invitation.',
    stay: 'Stay',
    invite: 'Invite',
    inviteTo: (name: string) => `Invite people to ${name}`,
    inviteSend: (n: number) => (n === 0 ? 'Invite' : plural(n, { one: 'Invite # person', other: 'Invite # people' })),
    everyoneIsHere: 'Everybody is a member already.',
    readOnly: 'The room is read-only.',
    missing: 'This room does not exist or is private.',
    about: 'About',
    people: 'People',
    topic: 'Topic',
    kind: 'Kind',
    kinds: {
      everyone: 'Everybody with an account',
      public: 'Open: anyone may join',
      private: 'Private: by invitation',
      direct: 'Direct: only its members',
    },
    roles: { owner: 'owner', moderator: 'moderator' },
    preview: 'These are the last 20 messages.',
    posting: 'Who may write',
    policies: { members: 'All members', moderators: 'Owners and moderators' },
    moderated: 'Only owners and moderators write here.',
    archived: 'Nobody. The room is archived.',
    archive: 'Archive room',
    reopen: 'Reopen room',
    edit: 'Edit room',
    files: 'Files',
    noFiles: 'No files yet.',
    bytes,
  },

  edit: { title: (name: string) => `Edit ${name}`, save: 'Save' },

  archive: {
    ask: (name: string) => `Archive ${name}?`,
    note: 'Nobody can write in it any more. Everyone in it can still read and search it, and you can reopen it.',
    askReopen: (name: string) => `Reopen ${name}?`,
    reopenNote: 'Its members can write in it again.',
    archive: 'Archive',
    reopen: 'Reopen',
    keep: 'Keep it as it is',
  },

  leave: {
    lastOwner: (name: string) => `You are the only owner of ${name}. Choose who is it after you.`,
    alone: 'You are the only one in this room. Archive it instead: it stays readable.',
    newOwner: 'New owner',
    handOver: 'Hand over and leave',
  },

  notify: {
    heading: 'Notify me about',
    levels: { all: 'Everything', mentions: 'Mentions', none: 'Nothing' },
    mute: 'Mute:',
    muteFor: { hour: '1 h', tomorrow: 'until tomorrow', always: 'always' },
    muteLong: { hour: 'Mute for 1 hour', tomorrow: 'Mute until tomorrow', always: 'Mute always' },
    mutedUntil: (time: string) => `Muted until ${time}`,
    mutedAlways: 'Muted',
    unmute: 'Unmute',
  },

  invitation: {
    text: (by: string, room: string) => `${by} added you to ${room}`,
    leave: (room: string) => `Leave ${room}`,
  },

  profile: {
    message: 'Message',
    mention: 'Mention',
    notes: 'Your notes',
    block: 'Block',
    unblock: 'Unblock',
    blocked: (name: string) => `You blocked ${name}.`,
    blockedNote: 'Blocked: neither of you can write to the other directly.',
    roles: { owner: 'owner of this server', admin: 'admin', bot: 'bot' },
    roleIn: (room: string) => `Role in ${room}`,
    roomRoles: { owner: 'Owner', moderator: 'Moderator', member: 'Member' },
    kick: (room: string) => `Remove from ${room}`,
  },

  create: {
    title: 'Create a room',
    name: 'Name',
    kind: 'Who can join',
    open: 'Open',
    openNote: 'Anyone may join',
    private: 'Private',
    privateNote: 'By invitation',
    people: 'People',
    filter: 'Find people',
    submit: 'Create room',
    missingName: 'Enter a name.',
    exists: (name: string) => `${name} exists.`,
    openIt: 'Open it',
  },

  browse: {
    title: 'Open rooms',
    find: 'Find a room',
    none: 'No open rooms yet.',
    noMatch: (query: string) => `No rooms match “${query}”.`,
    open: (name: string) => `Open ${name}`,
    look: (name: string) => `Look into ${name}`,
    lookShort: 'Look',
    join: (name: string) => `Join ${name}`,
  },

  search: {
    more: 'Load more',
  },

  feed: {
    label: (name: string) => `Messages in ${name}`,
    jump: 'Jump to latest',
    arrived: (n: number) =>
      n > 99 ? '99+ new messages' : plural(n, { one: '# new message', other: '# new messages' }),
    older: 'Loading older messages…',
    quiet: 'It is quiet here. Say hello, or',
    quietAlone: 'It is quiet here. Say hello.',
    invite: 'invite people',
    startDirect: (name: string) => `This is the start of your conversation with ${name}.`,
    startNotes: 'Write notes to yourself here. Only you see them.',
    startRoom: (name: string) => `This is the start of ${name}.`,
    deleted: 'Message deleted',
    edited: '(edited)',
  },

  state: { sending: 'Sending', sent: 'Sent', failed: 'Failed', held: 'Waiting for you' },

  failed: { retry: 'Retry', edit: 'Edit', discard: 'Discard' },

  composer: {
    label: 'Write a message',
    message: 'Message',
    to: (name: string) => `To: ${name}`,
    pick: 'Choose who gets your message',
    filter: 'Find a person',
    nobody: (query: string) => `Nobody matches “${query}”.`,
    open: 'Open',
    dismiss: 'Dismiss',
  },

  link: { tryNow: 'Try now', sendNow: 'Send now', review: 'Review' },

  update: { ready: 'An update is ready.', reload: 'Reload' },

  crash: { title: 'This part stopped working.', reload: 'Reload this pane', copy: 'Copy details' },

  keys: {
    title: 'Keyboard shortcuts',
    everywhere: 'Everywhere',
    writing: 'While writing',
    reading: 'In the messages',
    conversation: 'Previous or next conversation',
    unread: 'Previous or next unread conversation',
    pane: 'Next or previous pane',
    all: 'Show this list',
    escape: 'Close, cancel, or write to everyone again',
    send: 'Send to whom the filled button names',
    line: 'New line',
    other: 'Send to the other audience',
    audience: 'Choose who gets your message',
    byMessage: 'Message by message',
    ends: 'First or latest message',
  },
};

export type Texts = typeof en;
