/** The languages that are coloured, and what they are called. */
const names = {
  bash: 'Shell',
  cpp: 'C++',
  css: 'CSS',
  go: 'Go',
  java: 'Java',
  javascript: 'JavaScript',
  json: 'JSON',
  python: 'Python',
  rust: 'Rust',
  sql: 'SQL',
  typescript: 'TypeScript',
  xml: 'HTML',
} as const;

const others: Record<string, keyof typeof names> = {
  c: 'cpp',
  'c++': 'cpp',
  golang: 'go',
  h: 'cpp',
  html: 'xml',
  js: 'javascript',
  jsx: 'javascript',
  py: 'python',
  rs: 'rust',
  sh: 'bash',
  shell: 'bash',
  svelte: 'xml',
  ts: 'typescript',
  tsx: 'typescript',
  zsh: 'bash',
};

export type Known = keyof typeof names;

/** What a fence's word stands for; undefined: it is shown without colours. */
export function knownLanguage(word: string): Known | undefined {
  const wanted = word.toLowerCase();
  return wanted in names ? (wanted as Known) : Object.hasOwn(others, wanted) ? others[wanted] : undefined;
}

/** "C++", or the word itself, at most 20 characters of it; '' for none. */
export function languageName(word: string): string {
  const known = knownLanguage(word);
  return known && names[known] && !['c', 'h'].includes(word.toLowerCase()) ? names[known] : word.slice(0, 20);
}
