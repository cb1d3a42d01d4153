const GROUPS = /^[0-9A-HJKMNP-TV-Z]{16}$/;
const GROUP_CHARS = 4;

/** The code as it was written, whatever was typed between its groups; null when it cannot be one. 0/O and 1/I/L are read alike. */
export function readRecoveryCode(typed: string): string | null {
  const plain = typed
    .toUpperCase()
    .replaceAll(/[\s\-‐–—_.]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  if (!GROUPS.test(plain)) return null;
  const groups = Array.from({ length: plain.length / GROUP_CHARS }, (_, group) =>
    plain.slice(group * GROUP_CHARS, (group + 1) * GROUP_CHARS),
  );
  return groups.join('-');
}
