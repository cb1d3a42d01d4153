const WORD_CHARS_MAX = 60;

/** An identifier that says what it is: the name in small letters, with a number behind it when it is taken. */
export function idFromName(name: string, fallback: string, isTaken: (id: string) => boolean): string {
  const word = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, WORD_CHARS_MAX)
    .replaceAll(/^-+|-+$/g, '');
  const base = word === '' ? fallback : word;
  if (!isTaken(base)) return base;
  for (let number = 2; ; number += 1) {
    const id = `${base}-${String(number)}`;
    if (!isTaken(id)) return id;
  }
}

/** For items that nobody names. */
export function randomId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return prefix + Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
