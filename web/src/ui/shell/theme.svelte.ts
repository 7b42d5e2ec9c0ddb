export type Theme = 'system' | 'light' | 'dark';
export const themes: readonly Theme[] = ['system', 'light', 'dark'];

const KEY = 'parley.theme';

/** Light, dark, or as the system says; remembered on this device. */
export class ThemeChoice {
  #theme = $state<Theme>('system');

  constructor() {
    const kept = localStorage.getItem(KEY);
    this.#theme = themes.find((theme) => theme === kept) ?? 'system';
    this.#apply();
  }

  get theme(): Theme {
    return this.#theme;
  }

  set theme(theme: Theme) {
    this.#theme = theme;
    localStorage.setItem(KEY, theme);
    this.#apply();
  }

  #apply(): void {
    if (this.#theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this.#theme;
  }
}
