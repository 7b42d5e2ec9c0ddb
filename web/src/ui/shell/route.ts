/** The address of a conversation: `/room/<id>`, `/direct/<user id>`; `/` is the list of all. */
export function pathOf(key: string | undefined): string {
  if (key === undefined) return '/';
  return key.startsWith('@') ? `/direct/${encodeURIComponent(key.slice(1))}` : `/room/${encodeURIComponent(key)}`;
}

/** The address of what was addressed to me. */
export const MENTIONS = '/mentions';

/** The code of the invitation that an address is the link of. */
export function inviteAt(path: string): string | undefined {
  return /^\/invite\/([^/]+)$/.exec(path)?.[1];
}

/** The conversation at an address, undefined for the list and for addresses that name none. */
export function keyAt(path: string): string | undefined {
  const [, kind, id] = /^\/(room|direct)\/([^/]+)$/.exec(path) ?? [];
  if (!id) return undefined;
  return kind === 'direct' ? `@${decodeURIComponent(id)}` : decodeURIComponent(id);
}
