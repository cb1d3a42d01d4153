import { isIPv4, isIPv6 } from 'node:net';

/** A network as the range of addresses it covers. IPv4 and IPv6 never overlap here: mapped addresses are resolved at the edge. */
export interface CidrRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  readonly prefixBits: number;
}

/** Null unless it is an address, a slash and a prefix without host bits: `10.1.2.3/16` is more often a mistake than a network. */
export function parseCidr(text: string): CidrRange | null {
  const [address, prefix, ...rest] = text.split('/');
  if (address === undefined || prefix === undefined || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(prefix)) return null;
  const family = isIPv4(address) ? 4 : isIPv6(address) && !address.includes('%') ? 6 : null;
  if (family === null) return null;
  const widthBits = family === 4 ? 32 : 128;
  const prefixBits = Number(prefix);
  if (prefixBits > widthBits) return null;
  const first = family === 4 ? ipv4ToBigint(address) : ipv6ToBigint(address);
  const hostMask = (1n << BigInt(widthBits - prefixBits)) - 1n;
  if ((first & hostMask) !== 0n) return null;
  return { family, first, last: first | hostMask, prefixBits };
}

export function isOverlap(left: CidrRange, right: CidrRange): boolean {
  return left.family === right.family && left.first <= right.last && right.first <= left.last;
}

function ipv4ToBigint(address: string): bigint {
  return address.split('.').reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

/** RFC 4291 section 2.2, the three text forms; `address` is known to be valid. */
function ipv6ToBigint(address: string): bigint {
  const [head = '', tail] = address.split('::');
  const before = toGroups(head);
  const after = tail === undefined ? [] : toGroups(tail);
  const gap = tail === undefined ? [] : new Array<bigint>(8 - before.length - after.length).fill(0n);
  return [...before, ...gap, ...after].reduce((value, group) => (value << 16n) | group, 0n);
}

function toGroups(text: string): bigint[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [BigInt(`0x${group}`)];
    const ipv4 = ipv4ToBigint(group);
    return [ipv4 >> 16n, ipv4 & 0xffffn];
  });
}
