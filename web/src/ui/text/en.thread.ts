import { formatsOf } from '../../lib/formats';

const { plural } = formatsOf('en');

export const thread = {
  title: 'Thread',
  replies: (n: number) => plural(n, { one: '# reply', other: '# replies' }),
  of: (author: string) => `Thread begun by ${author}`,
  earlier: 'Show earlier replies',
  none: 'No replies yet.',
  label: 'Write a reply',
  message: 'Reply',
  brief: 'Show replies in a room as one line each',
  edits: 'Edit history',
  now: 'Now',
  until: (time: string) => `Until ${time}`,
};
