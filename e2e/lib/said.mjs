// What the people of the town have said. `answers` is the place of the line that is replied to.

export const everyone = [
  { by: 'Ann', text: 'Morning, all. This server is new: say hello, and make a room for what you work on.' },
  {
    by: 'Bob',
    text: 'Hello! The coffee machine on the second floor works again.',
    reactions: { '☕': ['Ann', 'Dee', 'Elif'] },
  },
  { by: 'Maximiliane', text: 'Guten Morgen. I am in Lisbon until Thursday and two hours behind you.' },
  { by: 'Elif', text: 'صباح الخير من إسطنبول', reactions: { '👋': ['Ann', 'Bob', 'Chen'] } },
  { by: 'Elif', text: 'Short notice: the mail server is restarted **at 12:30**. It takes five minutes.' },
  { by: 'Dee', text: 'Thank you for saying so beforehand.', answers: 4 },
];

export const design = [
  { by: 'Ann', text: 'The page goes live on Friday at 10:00. What is missing goes into this room.' },
  {
    by: 'Bob',
    text: 'The new header is in. Two things are left:\n\n1. spacing below the title\n2. the picture on phones',
  },
  {
    by: 'Dee',
    text: 'Here is the drawing for it, in both colours.',
    file: 'picture',
    reactions: { '🎉': ['Ann', 'Bob', 'Chen'], '👍': ['Bob'] },
  },
  { by: 'Chen', text: 'Can we have it as one file, with the colour from the page?', answers: 2 },
  {
    by: 'Bob',
    text: 'Like this:\n\n```css\n.header {\n  inline-size: min(75ch, 100%);\n  color: var(--accent);\n}\n```',
  },
  {
    by: 'Chen',
    text: 'Nice. @Ann can you check it at `320 px`? See https://example.org/header for how it was.',
    reactions: { '👀': ['Ann'] },
  },
  { by: 'Ann', text: 'It holds. I would only give the second line more room.', answers: 5 },
  { by: 'Bob', text: 'Done.', answers: 6, reactions: { '✅': ['Ann', 'Chen'] } },
];

export const ops = [
  { by: 'Elif', text: 'Backups ran at 03:00 and were restored on the spare machine. Nothing is missing.' },
  { by: 'Ann', text: 'Good. Does the certificate renew by itself now?' },
  { by: 'Elif', text: 'Yes, since Tuesday. The next time is in sixty days.' },
];

export const direct = [
  { by: 'Bob', text: 'Do you have ten minutes before lunch? It is about the schedule.' },
  { by: 'Ann', text: 'At half past eleven, by the window?' },
  { by: 'Bob', text: 'Perfect. I bring the numbers.' },
];
