const QUARTER = 15 * 60_000;
const DAY = 24 * 60 * 60_000;

export interface TimesOptions {
  timeZone?: string; // default: the machine's
  /** True: "9:12 pm"; false: "21:12". */
  hour12?: boolean; // default: as the locale has it
}

/** Dates and times as people read them. One instance serves a page: creating an `Intl` formatter is slow. */
export class Times {
  readonly #clock: Intl.DateTimeFormat;
  readonly #second: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #dayOfYear: Intl.DateTimeFormat;
  readonly #relative: Intl.RelativeTimeFormat;
  readonly #days = new Map<number, string>(); // by quarter of an hour
  readonly #full: Intl.DateTimeFormat;

  constructor(locale: string | undefined, { timeZone, hour12 }: TimesOptions = {}) {
    const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, timeZone });
    this.#clock = format({ hour: '2-digit', minute: '2-digit', hour12 });
    this.#second = format({ hour: '2-digit', minute: '2-digit', second: '2-digit', hour12 });
    this.#day = format({ weekday: 'long', day: 'numeric', month: 'long' });
    this.#dayOfYear = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
    this.#relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
    this.#full = format({ dateStyle: 'full', timeStyle: 'medium', hour12 });
  }

  /** "09:12". */
  clock(at: number): string {
    return this.#clock.format(at);
  }

  /** "09:12:04". */
  second(at: number): string {
    return this.#second.format(at);
  }

  /** "Today", "Yesterday", "Saturday, 21 November", and with the year if it is not `now`'s. */
  day(at: number, now: number): string {
    if (this.sameDay(at, now)) return capital(this.#relative.format(0, 'day'));
    if (this.sameDay(at, now - DAY)) return capital(this.#relative.format(-1, 'day'));
    return now - at < 300 * DAY ? this.#day.format(at) : this.#dayOfYear.format(at);
  }

  /** Date and time in full. */
  full(at: number): string {
    return this.#full.format(at);
  }

  sameDay(a: number, b: number): boolean {
    return Math.abs(a - b) < 2 * DAY && this.#dayOf(a) === this.#dayOf(b);
  }

  /** Days begin on a quarter of an hour in every time zone: one look-up serves all times in it. */
  #dayOf(at: number): string {
    const quarter = Math.floor(at / QUARTER);
    const day = this.#days.get(quarter) ?? this.#dayOfYear.format(at);
    this.#days.set(quarter, day);
    return day;
  }
}

function capital(text: string): string {
  const [first = ''] = text;
  return first.toLocaleUpperCase() + text.slice(first.length);
}
