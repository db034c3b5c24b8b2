/** The name of an image: a path, or an address whose query and password are nobody's business. */

/** Whether a name is the address of an image on a server. */
export function isUrl(name: string): boolean {
  return /^https?:\/\//i.test(name);
}

/** The path in the address, or the name of a file as it is: what an extension can be told from. */
export function pathInName(name: string): string {
  return isUrl(name) && URL.canParse(name) ? new URL(name).pathname : name;
}

/** The address without what may be a secret: user, password, query (the signature of S3 and Azure), fragment. */
export function bareUrl(name: string): string {
  if (!URL.canParse(name)) return `${name.slice(0, name.indexOf('://') + 3)}…`;
  const { origin, pathname } = new URL(name);
  return `${origin}${pathname}`;
}

/** The name as it is printed: that of a file as it is, an address with `?…` for its query. */
export function shownName(name: string): string {
  if (!isUrl(name)) return name;
  const hasQuery = URL.canParse(name) && new URL(name).search !== '';
  return `${bareUrl(name)}${hasQuery ? '?…' : ''}`;
}
