const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A sentence by plural category, `#` where the number stands. Languages without a category leave it out. */
export type Forms = { readonly other: string } & Partial<Readonly<Record<Intl.LDMLPluralRule, string>>>;

/** A span of time in its largest whole unit. */
export interface Passed {
  readonly count: number;
  readonly unit: 'second' | 'minute' | 'hour' | 'day';
}

/** Numbers, plurals, lists and spans as one language writes them; its functions need no `this`. Ask `formatsOf`. */
export class Formats {
  readonly #locale: string;
  readonly #number: Intl.NumberFormat;
  readonly #rules: Intl.PluralRules;
  readonly #lists: Intl.ListFormat;
  readonly #relative: Intl.RelativeTimeFormat;
  readonly #units = new Map<string, Intl.NumberFormat>();

  constructor(locale: string) {
    this.#locale = locale;
    this.#number = new Intl.NumberFormat(locale);
    this.#rules = new Intl.PluralRules(locale);
    this.#lists = new Intl.ListFormat(locale, { type: 'conjunction' });
    this.#relative = new Intl.RelativeTimeFormat(locale);
  }

  /** "1,234". */
  readonly number = (count: number): string => this.#number.format(count);

  /** "1 message", "2 messages". */
  readonly plural = (count: number, forms: Forms): string => {
    const form = forms[this.#rules.select(count)] ?? forms.other;
    return form.replaceAll('#', this.number(count));
  };

  /** "Ann", "Ann and Bob", "Ann, Bob and Chen", as the language joins them. */
  readonly list = (items: readonly string[]): string => this.#lists.format(items);

  /** "30 seconds", "2 hours". */
  readonly span = (ms: number): string => {
    const { count, unit } = passed(ms);
    return this.#unit(unit).format(Math.max(1, count));
  };

  /** "2 hours ago". */
  readonly ago = ({ count, unit }: Passed): string => this.#relative.format(-count, unit);

  /** "2.1 MB": in powers of ten, one decimal below ten. */
  readonly bytes = (count: number): string => {
    const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
    const step = count < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(count) / 3));
    return this.#unit(units[step] ?? 'byte', 'short').format(count / 1000 ** step);
  };

  #unit(unit: string, unitDisplay: 'long' | 'short' = 'long'): Intl.NumberFormat {
    const key = unit + unitDisplay;
    const known = this.#units.get(key);
    const options = {
      style: 'unit',
      unit,
      unitDisplay,
      maximumSignificantDigits: 2,
      roundingPriority: 'morePrecision',
    };
    const made = known ?? new Intl.NumberFormat(this.#locale, { ...options, maximumFractionDigits: 0 } as object);
    this.#units.set(key, made);
    return made;
  }
}

const made = new Map<string, Formats>();

/** The formats of a language; each is made once, because making an `Intl` formatter is slow. */
export function formatsOf(locale: string): Formats {
  const formats = made.get(locale) ?? new Formats(locale);
  made.set(locale, formats);
  return formats;
}

/** A span in its largest unit, rounded down. */
export function passed(ms: number): Passed {
  if (ms < MINUTE) return { count: Math.max(0, Math.floor(ms / SECOND)), unit: 'second' };
  if (ms < HOUR) return { count: Math.floor(ms / MINUTE), unit: 'minute' };
  if (ms < DAY) return { count: Math.floor(ms / HOUR), unit: 'hour' };
  return { count: Math.floor(ms / DAY), unit: 'day' };
}
