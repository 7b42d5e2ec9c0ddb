const HZ = 660;
const LASTS_S = 0.25;

let context: AudioContext | undefined;

/** Plays the one sound there is. A browser may refuse until somebody has touched the page. */
export function tone(volume: number): void {
  context ??= new AudioContext();
  if (context.state === 'suspended') void context.resume().catch(() => undefined);
  const now = context.currentTime;
  const [sound, loudness] = [context.createOscillator(), context.createGain()];
  sound.frequency.setValueAtTime(HZ, now);
  sound.frequency.setValueAtTime(HZ * 1.25, now + LASTS_S / 2);
  loudness.gain.setValueAtTime(0, now);
  loudness.gain.linearRampToValueAtTime(volume * 0.3, now + 0.02);
  loudness.gain.exponentialRampToValueAtTime(0.001, now + LASTS_S);
  sound.connect(loudness).connect(context.destination);
  sound.start(now);
  sound.stop(now + LASTS_S);
}
