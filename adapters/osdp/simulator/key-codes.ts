const ASCII_STAR = 0x2a;
const ASCII_HASH = 0x23;
const KEY_STAR = 0x7f;
const KEY_HASH = 0x0d;

/** Digits, `*` and `#` as osdp_KEYPAD has them. */
export function toKeyCodes(keys: string): Uint8Array {
  return Uint8Array.from(keys, (key) => {
    const code = key.charCodeAt(0);
    if (code === ASCII_STAR) return KEY_STAR;
    return code === ASCII_HASH ? KEY_HASH : code;
  });
}
