import { fromBigInteger } from '../../values/decimal.ts';
import type { RegoValue } from '../../values/rego-value.ts';

const FORM = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i;
const URN_PREFIX = 'urn:uuid:';
const CANONICAL_LENGTH = 36;
/** 100 ns steps from 15 October 1582 to 1970. */
const EPOCH_STEPS = 122_192_928_000_000_000n;
const DOMAINS = ['Person', 'Group', 'Org'];

/** RFC 9562 section 4: version and variant, and what versions 1 and 2 say of their making. Undefined for what is none. */
export function parseUuid(text: string): RegoValue | undefined {
  const hex = hexOf(text);
  if (hex === undefined) return undefined;
  const bytes = Buffer.from(hex, 'hex');
  const version = bytes.readUInt8(6) >> 4;
  const parsed = { version, variant: variantOf(bytes.readUInt8(8)) };
  if (version !== 1 && version !== 2) return parsed;
  const made = {
    ...parsed,
    // Beyond the 23rd century OPA's 64 bits run over.
    time: fromBigInteger(BigInt.asIntN(64, (stepsOf(bytes) - EPOCH_STEPS) * 100n)),
    nodeid: bytes
      .subarray(10)
      .toString('hex')
      .replace(/..(?=.)/g, '$&-'),
    macvariables: macVariables(bytes.readUInt8(10)),
    clocksequence: bytes.readUInt16BE(8) & 0x3fff,
  };
  if (version === 1) return made;
  const domain = bytes.readUInt8(9);
  return { ...made, id: bytes.readUInt32BE(0), domain: DOMAINS[domain] ?? `Domain${String(domain)}` };
}

/** Also as a URN, between two characters such as braces, or without hyphens. */
function hexOf(text: string): string | undefined {
  if (/^[0-9a-f]{32}$/i.test(text)) return text;
  let form = text;
  if (text.length === CANONICAL_LENGTH + URN_PREFIX.length && text.toLowerCase().startsWith(URN_PREFIX))
    form = text.slice(URN_PREFIX.length);
  else if (Buffer.byteLength(text) === CANONICAL_LENGTH + 2) form = Buffer.from(text).subarray(1, -1).toString('latin1');
  return FORM.exec(form)?.slice(1).join('');
}

function variantOf(byte: number): string {
  if ((byte & 0xc0) === 0x80) return 'RFC4122';
  if ((byte & 0xe0) === 0xc0) return 'Microsoft';
  return (byte & 0xe0) === 0xe0 ? 'Future' : 'Reserved';
}

function stepsOf(bytes: Buffer): bigint {
  const low = BigInt(bytes.readUInt32BE(0));
  const middle = BigInt(bytes.readUInt16BE(4));
  return low | (middle << 32n) | (BigInt(bytes.readUInt16BE(6) & 0x0fff) << 48n);
}

/** RFC 7042 section 2.1: the two lowest bits of a MAC address. */
function macVariables(byte: number): string {
  return `${(byte & 2) === 0 ? 'global' : 'local'}:${(byte & 1) === 0 ? 'unicast' : 'multicast'}`;
}
