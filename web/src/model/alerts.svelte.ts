import type { Host } from '../lib/host';

const SOUND = 'parley.sound';
const VOLUME = 'parley.volume';
const SPOKEN = 'parley.spoken';

/** Which messages: all, those addressed to me (direct ones and mentions), or none. */
export type Which = 'all' | 'mentions' | 'none';

const CHOICES: readonly Which[] = ['all', 'mentions', 'none'];

/** A message of somebody else. */
export interface Alert {
  /** A direct message or a mention. */
  toMe: boolean;
  /** Its conversation is muted: only what is addressed to me counts. */
  muted: boolean;
  /** Its conversation is open. */
  here: boolean;
}

/** How new messages make themselves heard on this device: with a tone, and to screen readers. */
export class Alerts {
  #sound: Which = $state('mentions');
  #volume = $state(60);
  #spoken: Which = $state('all');
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
    this.#sound = choice(host.notes.get(SOUND)) ?? 'mentions';
    this.#spoken = choice(host.notes.get(SPOKEN)) ?? 'all';
    this.#volume = Number(host.notes.get(VOLUME) ?? 60);
  }

  /** What a tone is played for. */
  get sound(): Which {
    return this.#sound;
  }

  set sound(which: Which) {
    this.#sound = which;
    this.#host.notes.set(SOUND, which);
  }

  /** What is read aloud by a screen reader. */
  get spoken(): Which {
    return this.#spoken;
  }

  set spoken(which: Which) {
    this.#spoken = which;
    this.#host.notes.set(SPOKEN, which);
  }

  /** 0 to 100. */
  get volume(): number {
    return this.#volume;
  }

  set volume(volume: number) {
    this.#volume = volume;
    this.#host.notes.set(VOLUME, String(volume));
  }

  /** Plays the tone, as a sample. */
  try(): void {
    this.#host.ring(this.#volume / 100);
  }

  speaks(alert: Alert): boolean {
    return wanted(this.#spoken, alert);
  }

  /** A message has come: a tone if it is wanted, and nobody is looking at it already. */
  heard(alert: Alert): void {
    if (wanted(this.#sound, alert) && !(alert.here && this.#host.focused())) this.try();
  }
}

function wanted(which: Which, { toMe, muted }: Alert): boolean {
  return which !== 'none' && (toMe || (which === 'all' && !muted));
}

function choice(kept: string | undefined): Which | undefined {
  return CHOICES.find((which) => which === kept);
}
