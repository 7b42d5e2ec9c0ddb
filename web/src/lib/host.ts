/** Changes of the page's surroundings. `focus` and `blur`: whether a person is looking at the page and can type. */
export type Signal = 'online' | 'offline' | 'focus' | 'blur';

/** Small facts that must be at hand before the disk is open, and survive a reload. */
export interface Notes {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  remove(key: string): void;
}

/** What the model needs from the machine it runs on. Tests bring their own clock. */
export interface Host {
  readonly notes: Notes;
  /** Milliseconds since 1970. */
  now(): number;
  /** 0 to 1, for jitter. */
  random(): number;
  /** Calls once, after `ms`; the result cancels. */
  after(ms: number, run: () => void): () => void;
  /** One short, soft tone; `volume` is 0 to 1. Silent where the browser does not allow it. */
  ring(volume: number): void;
  /** The number on the icon of the installed app and the dot on the tab's; 0 for none. */
  badge(count: number): void;
  online(): boolean;
  focused(): boolean;
  /** The result stops listening. */
  listen(hear: (signal: Signal) => void): () => void;
}
