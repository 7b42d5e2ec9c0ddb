const PLAYS_MS = 5000;

/** Whether an animated picture moves: for five seconds, and not by itself for those who want calm. */
export class GifPlay {
  playing = $state(false);
  #stop: ReturnType<typeof setTimeout> | undefined;

  /** The picture is on the page; the result ends what was begun. */
  begin(): () => void {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (!calm && document.documentElement.dataset.motion !== 'none') this.#play();
    return () => this.#pause();
  }

  toggle(): void {
    if (this.playing) this.#pause();
    else this.#play();
  }

  #play(): void {
    this.playing = true;
    this.#stop = setTimeout(() => this.#pause(), PLAYS_MS);
  }

  #pause(): void {
    clearTimeout(this.#stop);
    this.playing = false;
  }
}
