import { isIPv6 } from 'node:net';

const GROUPS = 8;
/** A customer's smallest network (RFC 6177): every address in it is at one person's command. */
const NETWORK_GROUPS = 4;

/** A site's network (RFC 6177 2): what a provider gives to one customer, who has 65,536 of the smallest in it. */
const SITE_GROUPS = 3;
const GROUP_BITS = 16;

/** What one party may be taken to have one of: an IPv4 address, or an IPv6 network of 64 bits. Null for no address. */
export function networkOf(address: string | null): string | null {
  return prefixOf(address, NETWORK_GROUPS);
}

/** What one customer has at most: an IPv4 address, or an IPv6 network of 48 bits. Null for no address. */
export function siteNetworkOf(address: string | null): string | null {
  return prefixOf(address, SITE_GROUPS);
}

function prefixOf(address: string | null, groupCount: number): string | null {
  if (address === null || !isIPv6(address)) return address;
  // An IPv4 address as IPv6 writes it (RFC 4291 2.5.5.2): all of them are one network only on paper.
  const [, mapped] = /^(?:0{0,4}:){1,5}:?ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  // A zone names an interface of this host and says nothing about the network.
  const [plain = ''] = address.split('%');
  const [before = '', after] = plain.split('::');
  const left = before === '' ? [] : before.split(':');
  const right = after === undefined || after === '' ? [] : after.split(':');
  // A dotted tail stands for two groups; it lies beyond the network in every form that has one.
  const dotted = plain.includes('.') ? 1 : 0;
  const zeros = after === undefined ? 0 : GROUPS - left.length - right.length - dotted;
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  const network = groups.slice(0, groupCount).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/${String(groupCount * GROUP_BITS)}`;
}
