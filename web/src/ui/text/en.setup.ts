import { formatsOf } from '../../lib/formats';

const { number, plural, span } = formatsOf('en');

export const setup = {
  title: 'Set up this server',
  settings: 'Server',
  open: 'Server settings',
  step: (n: number, of: number) => `Step ${number(n)} of ${number(of)}`,
  skip: 'Skip',
  next: 'Next',
  done: 'Done',
  name: 'Name of this server',
  nameNote: 'People see it when they sign in, and above their conversations.',
  joining: 'Who may join',
  policies: { open: 'Everybody', invite: 'People with an invitation', closed: 'Nobody by themselves' },
  notes: {
    open: 'Whoever reaches this server can create an account.',
    invite: 'They need a link or a code from somebody who is here.',
    closed: 'Accounts are added where the server runs.',
  },
  fixed: 'Set by the operator. It cannot be changed here.',
  sharing: 'Bring people here',
  address: 'Address of this server',
  addressNote: 'Send it to whom you want here.',
  command: 'Add people where the server runs, with this command:',
};

export const invites = {
  people: 'For how many people',
  peopleOf: (n: number) => plural(n, { one: '# person', other: '# people' }),
  valid: 'Valid for',
  validFor: span,
  create: 'Create a link',
  link: 'Invitation link',
  once: 'Copy it now: it is not shown again.',
  list: 'Your links that are valid',
  used: (n: number, of: number) => `${number(n)} of ${number(of)} used`,
  until: (time: string) => `until ${time}`,
  revoke: 'Revoke',
  revokeOf: (what: string) => `Revoke the link: ${what}`,
  to: (room: string) => `Whoever comes with it is in ${room} too.`,
  code: 'Invitation code',
  codeNote: 'Somebody who is here can send you one.',
};
