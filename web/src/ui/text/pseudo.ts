import { en, type Texts } from './en';

type Change = (text: string) => string;

const PLAIN = 'aceinorsuyAEINOU';
const MARKED = 'åçéîñöřšûýÅÉÎÑÖÛ';
/** Stand for what is put into a sentence, such as a name, while the rest is changed. */
const GIVEN = /\uE000(\d)\uE001/g;

/** English with marks on its letters and longer by two fifths: what is too narrow for German is too narrow for this. */
export const longer: Texts = changed(en, (text) => {
  const marked = Array.from(text, (char) => MARKED[PLAIN.indexOf(char)] ?? char).join('');
  return `[${marked}${'~'.repeat(Math.ceil(text.length * 0.4))}]`;
});

/** English written from right to left: what points the wrong way in Arabic does so in this. */
export const mirrored: Texts = changed(en, (text) => `\u202E${text}\u202C`);

function changed<T>(value: T, change: Change): T {
  if (typeof value === 'string') return (value === '' ? '' : change(value)) as T;
  if (typeof value === 'function') return around(value as unknown as (...given: unknown[]) => unknown, change) as T;
  if (Array.isArray(value)) return value.map((part: unknown) => changed(part, change)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, changed(part as unknown, change)])) as T;
}

/** Changes what a sentence says, and not the names in it. */
function around(say: (...given: unknown[]) => unknown, change: Change): (...given: unknown[]) => unknown {
  return (...given) => {
    const names: string[] = [];
    const hidden = (name: string) => `\uE000${names.push(name) - 1}\uE001`;
    const hide = (one: unknown): unknown => {
      if (Array.isArray(one)) return one.map(hide);
      return typeof one === 'string' ? hidden(one) : one;
    };
    const said = say(...given.map(hide));
    if (typeof said !== 'string') return said;
    return change(said).replace(GIVEN, (_, at: string) => names[Number(at)] ?? '');
  };
}
