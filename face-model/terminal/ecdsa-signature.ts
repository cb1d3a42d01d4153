const SEQUENCE = 0x30;
const INTEGER = 0x02;
const COORDINATE_BYTES = 32;

/** An ECDSA signature over P-256 as JWS has it (RFC 7518 3.4: r and s, 32 bytes each), from DER (RFC 3279 2.2.3). @throws RangeError */
export function derToRaw(der: Uint8Array): Uint8Array {
  const malformed = new RangeError('this is no ECDSA signature');
  if (der[0] !== SEQUENCE || der[1] !== der.length - 2) throw malformed;
  const raw = new Uint8Array(2 * COORDINATE_BYTES);
  let at = 2;
  for (const end of [COORDINATE_BYTES, 2 * COORDINATE_BYTES]) {
    const length = der[at + 1] ?? 0;
    const value = der.subarray(at + 2, at + 2 + length);
    if (der[at] !== INTEGER || length === 0 || value.length !== length) throw malformed;
    // A leading zero only says that the number is not negative.
    const number = value[0] === 0 ? value.subarray(1) : value;
    if (number.length > COORDINATE_BYTES) throw malformed;
    raw.set(number, end - number.length);
    at += 2 + length;
  }
  if (at !== der.length) throw malformed;
  return raw;
}
