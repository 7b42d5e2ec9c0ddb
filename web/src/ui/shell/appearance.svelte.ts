const KEY = 'parley.appearance';

export const themes = ['system', 'light', 'dark', 'contrast'] as const;
export const densities = ['compact', 'cozy', 'roomy'] as const;
export const sizes = [87, 100, 112, 125, 150] as const;

interface Kept {
  theme: (typeof themes)[number];
  density: (typeof densities)[number];
  /** Of the browser's text size, in percent. */
  size: number;
  /** Nothing travels, whatever the system says. */
  still: boolean;
  /** Answers in a room are one line each; their thread shows all of them. */
  brief: boolean;
}

const DEFAULT: Kept = { theme: 'system', density: 'cozy', size: 100, still: false, brief: false };

/** How the page looks on this device. */
export class Appearance {
  #kept: Kept = $state.raw(DEFAULT);

  constructor() {
    this.#kept = { ...DEFAULT, ...read() };
    this.#apply();
  }

  get theme(): Kept['theme'] {
    return this.#kept.theme;
  }

  set theme(theme: Kept['theme']) {
    this.#keep({ theme });
  }

  get density(): Kept['density'] {
    return this.#kept.density;
  }

  set density(density: Kept['density']) {
    this.#keep({ density });
  }

  get size(): number {
    return this.#kept.size;
  }

  set size(size: number) {
    this.#keep({ size });
  }

  get still(): boolean {
    return this.#kept.still;
  }

  set still(still: boolean) {
    this.#keep({ still });
  }

  get brief(): boolean {
    return this.#kept.brief;
  }

  set brief(brief: boolean) {
    this.#keep({ brief });
  }

  #keep(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#kept));
    } catch {
      // Denied: it lasts as long as the page.
    }
    this.#apply();
  }

  #apply(): void {
    const { theme, density, size, still, brief } = this.#kept;
    const { dataset, style } = document.documentElement;
    const colours = theme === 'light' || theme === 'dark';
    set(dataset, 'theme', colours ? theme : undefined);
    set(dataset, 'contrast', theme === 'contrast' ? 'more' : undefined);
    set(dataset, 'density', density === 'cozy' ? undefined : density);
    set(dataset, 'motion', still ? 'none' : undefined);
    set(dataset, 'answers', brief ? 'line' : undefined);
    style.fontSize = size === 100 ? '' : `${size}%`;
  }
}

function set(dataset: DOMStringMap, name: string, value: string | undefined): void {
  if (value === undefined) delete dataset[name];
  else dataset[name] = value;
}

function read(): Partial<Kept> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Kept>;
  } catch {
    return {};
  }
}
