/** Where Up and Down lead in a list of options, around its ends; undefined for other keys. */
export function stepped(key: string, at: number, count: number): number | undefined {
  if (count === 0) return undefined;
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  return step && (at + step + count) % count;
}

/** Brings an option of a list onto the screen. */
export function showOption(list: string, at: number): void {
  document.getElementById(optionId(list, at))?.scrollIntoView({ block: 'nearest' });
}

export function optionId(list: string, at: number): string {
  return `${list}-${at}`;
}
