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

/** Parameters of a signature, with one that is there only if it is one: S3, Google Cloud Storage, CloudFront, Azure. */
const SIGNATURES: readonly { readonly sign: string; readonly names: RegExp }[] = [
  { sign: 'x-amz-signature', names: /^x-amz-/ },
  { sign: 'x-goog-signature', names: /^x-goog-/ },
  { sign: 'signature', names: /^(?:signature|expires|awsaccesskeyid|googleaccessid|policy|key-pair-id)$/ },
  { sign: 'sig', names: /^(?:sig|sv|ss|srt|sr|sp|st|se|spr|si|sip|sdd|ses|scid|sk[a-z]{1,3}|saoid|suoid)$/ },
];

/** The address without its signature, which is another one each time: the same for the same object. */
export function unsignedUrl(name: string): string {
  if (!URL.canParse(name)) return name;
  const url = new URL(name);
  const all = [...url.searchParams.keys()].map((key) => key.toLowerCase());
  for (const { names } of SIGNATURES.filter(({ sign }) => all.includes(sign))) {
    for (const key of Array.from(url.searchParams.keys()))
      if (names.test(key.toLowerCase())) url.searchParams.delete(key);
  }
  url.username = url.password = url.hash = '';
  return url.href;
}
