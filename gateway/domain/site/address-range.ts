/** One IPv4 or IPv6 address as a number. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** Null for what is no address. A mapped IPv4 address is the IPv4 address that it is; a zone (`%eth0`) names an interface and is left out. */
export function parseAddress(text: string): Address | null {
  const [address = ''] = text.split('%');
  const family = familyOf(address);
  if (family === 4) return { family, value: ipv4ToBigint(address) };
  if (family === null) return null;
  const value = ipv6ToBigint(address);
  return value >> IPV4_BITS === MAPPED_PREFIX ? { family: 4, value: value & 0xffff_ffffn } : { family, value };
}

/** Whether the address lies in one of the networks. @throws TypeError at once for a network that is not in CIDR form */
export function createAddressMatch(cidrs: readonly string[]): (address: Address) => boolean {
  const ranges = cidrs.map((cidr) => {
    const range = parseCidr(cidr);
    if (range === null) throw new TypeError(`not a CIDR: ${cidr}`);
    return toPlainRange(range);
  });
  return ({ family, value }) => ranges.some((range) => range.family === family && range.first <= value && value <= range.last);
}

const IPV4_BITS = 32n;
const IPV6_BITS = 128;
/** RFC 4291 section 2.5.5.2: what stands before the IPv4 address in a mapped one. */
const MAPPED_PREFIX = 0xffffn;

/** A network of mapped addresses alone is the IPv4 network that it is. */
function toPlainRange(range: CidrRange): CidrRange {
  const isMapped = range.family === 6 && range.prefixBits >= IPV6_BITS - Number(IPV4_BITS) && range.first >> IPV4_BITS === MAPPED_PREFIX;
  return isMapped ? { ...range, family: 4, first: range.first & 0xffff_ffffn, last: range.last & 0xffff_ffffn } : range;
}

const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const IPV4 = new RegExp(String.raw`^${OCTET}(?:\.${OCTET}){3}$`);

function familyOf(text: string): 4 | 6 | null {
  if (IPV4.test(text)) return 4;
  // The parser of URLs knows every text form of RFC 4291; the dotted tail of one must be as strict as an IPv4 address.
  const tail = text.slice(text.lastIndexOf(':') + 1);
  const isSix = /^[0-9a-f:.]+$/i.test(text) && text.includes(':') && (!tail.includes('.') || IPV4.test(tail));
  return isSix && URL.canParse(`http://[${text}]`) ? 6 : null;
}

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
  const family = familyOf(address);
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
