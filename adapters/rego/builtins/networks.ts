import type { Builtin } from './builtin.ts';

/** A block of addresses: the bytes under the mask, and the mask. */
interface Block {
  readonly address: readonly number[];
  readonly prefixBits: number;
}

const contains: Builtin = (outer, inner) => {
  if (typeof outer !== 'string' || typeof inner !== 'string') return undefined;
  const block = parseCidr(outer);
  const other = parseAddress(inner) ?? parseCidr(inner);
  return block === undefined || other === undefined ? undefined : encloses(block, other);
};

export const networkBuiltins: Readonly<Record<string, Builtin>> = {
  'net.cidr_contains': contains,
  'net.cidr_overlap': contains,
  'net.cidr_intersects': (left, right) => {
    if (typeof left !== 'string' || typeof right !== 'string') return undefined;
    const [first, second] = [parseCidr(left), parseCidr(right)];
    return first === undefined || second === undefined ? undefined : encloses(first, second) || encloses(second, first);
  },
};

function encloses(outer: Block, inner: Block): boolean {
  if (outer.address.length !== inner.address.length || outer.prefixBits > inner.prefixBits) return false;
  return masked(inner.address, outer.prefixBits).every((byte, at) => byte === outer.address[at]);
}

function masked(address: readonly number[], prefixBits: number): readonly number[] {
  return address.map((byte, at) => byte & (0xff00 >> Math.max(0, Math.min(8, prefixBits - 8 * at))) & 0xff);
}

function parseCidr(text: string): Block | undefined {
  const slash = text.indexOf('/');
  const block = slash < 0 ? undefined : parseAddress(text.slice(0, slash));
  const bits = text.slice(slash + 1);
  if (block === undefined || !/^\d+$/.test(bits) || Number(bits) > block.prefixBits) return undefined;
  return { address: masked(block.address, Number(bits)), prefixBits: Number(bits) };
}

/** One address is a block of its own. */
function parseAddress(text: string): Block | undefined {
  const address = text.includes(':') ? parseIpv6(text) : parseIpv4(text);
  return address === undefined ? undefined : { address, prefixBits: address.length * 8 };
}

function parseIpv4(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.map(Number);
}

const IPV6_GROUPS = 8;

/** RFC 4291 section 2.2, the last 32 bits also as IPv4. */
function parseIpv6(text: string): readonly number[] | undefined {
  const [front = '', back, more] = text.split('::');
  if (more !== undefined) return undefined;
  const [head, tail] = [groupsOf(front, back === undefined), back === undefined ? [] : groupsOf(back, true)];
  if (head === undefined || tail === undefined) return undefined;
  const missing = IPV6_GROUPS - head.length - tail.length;
  if (back === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail].flatMap((group) => [group >> 8, group & 0xff]);
}

function groupsOf(text: string, mayEndInIpv4: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const last = parts.at(-1) ?? '';
  const ipv4 = mayEndInIpv4 && last.includes('.') ? parseIpv4(last) : undefined;
  const plain = ipv4 === undefined ? parts : parts.slice(0, -1);
  if (!plain.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part))) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = ipv4 ?? [];
  return [...plain.map((part) => Number.parseInt(part, 16)), ...(ipv4 === undefined ? [] : [(a << 8) | b, (c << 8) | d])];
}
