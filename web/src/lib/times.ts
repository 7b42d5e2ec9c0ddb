const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Times as people read them. One instance serves a page: creating an `Intl` formatter is slow. */
export class Times {
  readonly #clock: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #dayOfYear: Intl.DateTimeFormat;
  readonly #days = new Map<number, string>(); // by quarter of an hour
  readonly #full: Intl.DateTimeFormat;

  constructor(locale: string | undefined, timeZone?: string) {
    const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, timeZone });
    this.#clock = format({ hour: '2-digit', minute: '2-digit' });
    this.#day = format({ weekday: 'long', day: 'numeric', month: 'long' });
    this.#dayOfYear = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
    this.#full = format({ dateStyle: 'full', timeStyle: 'medium' });
  }

  /** "09:12". */
  clock(at: number): string {
    return this.#clock.format(at);
  }

  /** "Today", "Yesterday", "Saturday, 21 November", and with the year if it is not `now`'s. */
  day(at: number, now: number): string {
    if (this.sameDay(at, now)) return 'Today';
    if (this.sameDay(at, now - DAY)) return 'Yesterday';
    return now - at < 300 * DAY ? this.#day.format(at) : this.#dayOfYear.format(at);
  }

  /** Date and time in full. */
  full(at: number): string {
    return this.#full.format(at);
  }

  /** "2 h ago". */
  ago(at: number, now: number): string {
    const passed = Math.max(0, now - at);
    if (passed < MINUTE) return 'just now';
    if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min ago`;
    if (passed < DAY) return `${Math.floor(passed / HOUR)} h ago`;
    return `${span(passed)} ago`;
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

/** A span in words: "30 seconds", "2 hours"; whole units, rounded down, at least one second. */
export function span(ms: number): string {
  if (ms < MINUTE) return plural(Math.max(1, Math.floor(ms / 1000)), 'second');
  if (ms < HOUR) return plural(Math.floor(ms / MINUTE), 'minute');
  if (ms < DAY) return plural(Math.floor(ms / HOUR), 'hour');
  return plural(Math.floor(ms / DAY), 'day');
}

/** "1 message", "2 messages". */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
