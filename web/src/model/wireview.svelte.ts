import type { Id, Trace } from '../wire';
import { Asking } from './asking.svelte';
import type { Services } from './services';

const ROWS_MOST = 200;

export type Scope = Trace['scope'];
/** What [Play] can send. */
export type WaveScope = 'self' | 'all_but_me' | 'all' | 'room' | 'room_but_me';

/** A socket, as the drawing shows it: one open tab or device. */
export interface Dot {
  readonly alias: string;
  readonly user: Id;
  /** "Ann", and "Ann 2" for a second tab or device. */
  readonly name: string;
  readonly me: boolean;
  /** The very tab that looks. */
  readonly self: boolean;
  readonly reached: boolean;
}

/** A wave that is not shown before somebody has guessed whom it reaches. */
export interface Guess {
  readonly scope: WaveScope;
  readonly picked: ReadonlySet<string>;
  /** The answer; undefined while one guesses. */
  readonly right: boolean | undefined;
}

/** Shows which sockets an event reached, as the server tells it: never what is in an event, only whom it went to. */
export class WireView {
  /** Newest first. */
  rows: readonly Trace[] = $state.raw([]);
  paused = $state(false);
  guess: Guess | undefined = $state.raw();

  #chosen: number | undefined = $state();
  /** By alias, in the order in which they were heard of. */
  #known: ReadonlyMap<string, ReadonlySet<Id>> = $state.raw(new Map());
  #on = false;
  /** How many traces the server did not send. */
  left = $state(0);
  /** What is drawn: the row that was chosen, else the newest event that reached somebody: its arrows are what one came for. */
  readonly shown: Trace | undefined = $derived.by(() => {
    const chosen = this.rows.find((row) => row.id === this.#chosen);
    return chosen ?? this.rows.find((row) => row.dir === 'out' && row.reached > 0) ?? this.rows[0];
  });
  readonly dots: readonly Dot[] = $derived.by(() => this.#dots());
  readonly #asking: Asking;
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
    this.#asking = new Asking(services);
  }

  /** Why it cannot be shown; ''. */
  get problem(): string {
    return this.#asking.problem;
  }

  /** Sockets that are connected, of which no event has told yet. */
  get unknown(): number {
    return Math.max(0, (this.shown?.of ?? 0) - this.dots.length);
  }

  /** This tab, as the server calls it. */
  get own(): string {
    const { link, me } = this.#services;
    return `${me.id}.${link.id?.slice(0, 4) ?? ''}`;
  }

  // Actions

  /** Begins to listen; called again after each new connection. */
  async start(): Promise<void> {
    this.#on = true;
    await this.#asking.try(() => this.#services.link.request('wire:on', {}));
  }

  stop(): void {
    this.#on = false;
    // Without a connection nothing is sent anyway.
    this.#services.link.request('wire:off', {}).catch(() => undefined);
  }

  pause(on: boolean): void {
    this.paused = on;
  }

  show(id: number | undefined): void {
    this.#chosen = id;
  }

  /** Sends a wave: it changes nothing, and is only there to be seen. */
  async play(scope: WaveScope, room?: Id): Promise<void> {
    this.paused = false;
    this.#chosen = undefined;
    const where = scope.startsWith('room') && room !== undefined ? { room } : {};
    await this.#asking.try(() => this.#services.link.request('wire:wave', { scope, ...where }));
  }

  /** Asks who will get a wave before it is sent. */
  askFirst(scope: WaveScope): void {
    this.guess = { scope, picked: new Set(), right: undefined };
  }

  pick(alias: string): void {
    if (!this.guess || this.guess.right !== undefined) return;
    const picked = new Set(this.guess.picked);
    if (!picked.delete(alias)) picked.add(alias);
    this.guess = { ...this.guess, picked };
  }

  /** Sends the wave that was guessed about, and says whether the guess was right. */
  async answer(room?: Id): Promise<void> {
    const { guess } = this;
    if (!guess || guess.right !== undefined) return;
    const before = this.rows[0]?.id ?? 0;
    await this.play(guess.scope, room);
    const wave = this.rows.find((row) => row.id > before && isWave(row, this.own));
    if (!wave) return;
    const reached = new Set(wave.to.filter((alias) => this.#known.has(alias)));
    const right = reached.size === guess.picked.size && [...guess.picked].every((alias) => reached.has(alias));
    this.guess = { ...guess, right };
  }

  endGuess(): void {
    this.guess = undefined;
  }

  // Events

  traced(trace: Trace): void {
    if (!this.#on || this.paused) return;
    if (trace.more) {
      this.left += trace.more;
      return;
    }
    this.#learn(trace);
    // A wave stays in the picture while the client goes on with its small talk, until somebody says something.
    if (isWave(trace, this.own)) this.#chosen = trace.id;
    else if (trace.event === 'message:new') this.#chosen = undefined;
    this.rows = [trace, ...this.rows].slice(0, ROWS_MOST);
  }

  // Internal

  #learn({ from, to, room, scope }: Trace): void {
    const known = new Map(this.#known);
    if (from?.includes('.')) known.set(from, known.get(from) ?? new Set());
    for (const alias of to) {
      const rooms = new Set(known.get(alias));
      if (room !== undefined && scope !== 'self') rooms.add(room);
      known.set(alias, rooms);
    }
    this.#known = known;
  }

  /** The rooms in which a socket was seen to be. */
  roomsOf(alias: string): Id[] {
    return [...(this.#known.get(alias) ?? [])];
  }

  #dots(): Dot[] {
    const { me, people } = this.#services;
    const aliases = new Set([this.own, ...this.#known.keys()]);
    const reached = new Set(this.shown?.to);
    const counts = new Map<Id, number>();
    return [...aliases].map((alias) => {
      const user = alias.split('.')[0] ?? '';
      const count = (counts.get(user) ?? 0) + 1;
      counts.set(user, count);
      return {
        alias,
        user,
        name: count === 1 ? people.nameOf(user) : `${people.nameOf(user)} ${count}`,
        me: user === me.id,
        self: alias === this.own,
        reached: reached.has(alias),
      };
    });
  }
}

function isWave(row: Trace, own: string): boolean {
  return row.event === 'wire:wave' && row.dir === 'out' && row.from === own;
}
