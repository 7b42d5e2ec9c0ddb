import { tone } from './tone';
import type { Host, Notes, Signal } from './host';

/** The host that is a browser's page. */
export class BrowserHost implements Host {
  readonly notes: Notes = new LocalNotes();

  now(): number {
    return Date.now();
  }

  random(): number {
    return Math.random();
  }

  after(ms: number, run: () => void): () => void {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  }

  ring(volume: number): void {
    try {
      tone(volume);
    } catch {
      // No sound here.
    }
  }

  badge(count: number): void {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    const dotted = document.querySelector<HTMLLinkElement>('link[data-dotted]');
    if (icon && dotted) icon.href = count > 0 ? dotted.href : (icon.dataset.plain ??= icon.href);
    const app = navigator as { setAppBadge?(count: number): Promise<void> };
    app.setAppBadge?.(count).catch(() => undefined);
  }

  online(): boolean {
    return navigator.onLine;
  }

  focused(): boolean {
    return document.visibilityState === 'visible' && document.hasFocus();
  }

  listen(hear: (signal: Signal) => void): () => void {
    const stop = new AbortController();
    const options = { signal: stop.signal };
    const look = () => hear(this.focused() ? 'focus' : 'blur');
    addEventListener('online', () => hear('online'), options);
    addEventListener('offline', () => hear('offline'), options);
    addEventListener('focus', look, options);
    addEventListener('blur', look, options);
    addEventListener('pageshow', look, options);
    document.addEventListener('visibilitychange', look, options);
    return () => stop.abort();
  }
}

/** localStorage, which a browser may deny: then the facts last as long as the page. */
class LocalNotes implements Notes {
  readonly #page = new Map<string, string>();

  get(key: string): string | undefined {
    try {
      return localStorage.getItem(key) ?? undefined;
    } catch {
      return this.#page.get(key);
    }
  }

  set(key: string, value: string): void {
    this.#page.set(key, value);
    try {
      localStorage.setItem(key, value);
    } catch {
      // Denied or full: the page's copy serves.
    }
  }

  remove(key: string): void {
    this.#page.delete(key);
    try {
      localStorage.removeItem(key);
    } catch {
      // Denied: there is only the page's copy.
    }
  }
}
