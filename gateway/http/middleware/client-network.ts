import { isIPv6 } from 'node:net';

const GROUPS = 8;
/** A customer's smallest network (RFC 6177): every address in it is at one person's command. */
const NETWORK_GROUPS = 4;

/** What one party may be taken to have one of: an IPv4 address, or an IPv6 network of 64 bits. Null for no address. */
export function networkOf(address: string | null): string | null {
  if (address === null || !isIPv6(address)) return address;
  // A zone names an interface of this host and says nothing about the network.
  const [plain = ''] = address.split('%');
  const [before = '', after] = plain.split('::');
  const left = before === '' ? [] : before.split(':');
  const right = after === undefined || after === '' ? [] : after.split(':');
  // A dotted tail stands for two groups; it lies beyond the network in every form that has one.
  const dotted = plain.includes('.') ? 1 : 0;
  const zeros = after === undefined ? 0 : GROUPS - left.length - right.length - dotted;
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
