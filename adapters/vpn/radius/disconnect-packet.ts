import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { isIP, SocketAddress } from 'node:net';

/*
 * Disconnect-Request and its answers (RFC 5176) in the packet of RFC 2865 3: code, identifier, length (big-endian), 16 octets of
 * authenticator, attributes of type, length, value. MD5 and HMAC-MD5 are what the protocol has; neither hides anything.
 */
const DISCONNECT_REQUEST = 40;
const DISCONNECT_ACK = 41;
const DISCONNECT_NAK = 42;
const HEADER_OCTETS = 20;
const AUTHENTICATOR_AT = 4;
const AUTHENTICATOR_OCTETS = 16;
/** RFC 2865 3. */
export const PACKET_OCTETS_MAX = 4_096;
/** RFC 2865 5. */
export const VALUE_OCTETS_MAX = 253;

const ATTRIBUTES = {
  userName: 1,
  nasIpAddress: 4,
  nasIdentifier: 32,
  acctSessionId: 44,
  eventTimestamp: 55,
  messageAuthenticator: 80,
  nasIpv6Address: 95,
  errorCause: 101,
} as const;

/** RFC 5176 3.5: the server has no such session. */
export const SESSION_CONTEXT_NOT_FOUND = 503;

export interface DisconnectQuestion {
  /** One octet; the same for every repetition of one question. */
  readonly identifier: number;
  readonly secret: Uint8Array;
  readonly userName: string;
  readonly acctSessionId: string;
  /** As the server calls itself. */
  readonly nas: string;
  /** Servers refuse old questions by it (RFC 5176 6.3). */
  readonly timestampS: number;
}

export type DisconnectAnswer = { readonly kind: 'ack' } | { readonly kind: 'nak'; readonly errorCause: number | null };

/**
 * Message-Authenticator = HMAC-MD5(secret, packet with 16 zeros for it and for the authenticator) (RFC 5176 2.3, RFC 3579 3.2), then
 * authenticator = MD5(packet with 16 zeros for the authenticator + secret). @throws TypeError a value is longer than VALUE_OCTETS_MAX
 */
export function encodeDisconnectRequest(question: DisconnectQuestion): Uint8Array {
  const timestamp = Buffer.alloc(4);
  timestamp.writeUInt32BE(question.timestampS);
  const attributes = Buffer.concat([
    // First, as answers to CVE-2024-3596 have it: nothing of the packet comes before it that somebody else wrote.
    attribute(ATTRIBUTES.messageAuthenticator, Buffer.alloc(AUTHENTICATOR_OCTETS)),
    attribute(ATTRIBUTES.userName, Buffer.from(question.userName)),
    nasAttribute(question.nas),
    attribute(ATTRIBUTES.acctSessionId, Buffer.from(question.acctSessionId)),
    attribute(ATTRIBUTES.eventTimestamp, timestamp),
  ]);
  const packet = Buffer.concat([Buffer.alloc(HEADER_OCTETS), attributes]);
  packet.writeUInt8(DISCONNECT_REQUEST, 0);
  packet.writeUInt8(question.identifier, 1);
  packet.writeUInt16BE(packet.length, 2);
  hmacMd5(question.secret, packet).copy(packet, HEADER_OCTETS + 2);
  md5(packet, question.secret).copy(packet, AUTHENTICATOR_AT);
  return packet;
}

/**
 * Response authenticator = MD5(code + identifier + length + authenticator of the request + attributes + secret) (RFC 5176 2.3). Null when it
 * is no answer to this request by somebody who knows the secret; a Message-Authenticator is checked where there is one.
 */
export function verifyDisconnectAnswer(answer: Uint8Array, request: Uint8Array, secret: Uint8Array): DisconnectAnswer | null {
  const packet = Buffer.from(answer);
  if (packet.length < HEADER_OCTETS || packet.length > PACKET_OCTETS_MAX || packet.readUInt16BE(2) !== packet.length) return null;
  const code = packet.readUInt8(0);
  if ((code !== DISCONNECT_ACK && code !== DISCONNECT_NAK) || packet.readUInt8(1) !== request[1]) return null;
  const stated = Buffer.from(packet.subarray(AUTHENTICATOR_AT, HEADER_OCTETS));
  packet.set(request.subarray(AUTHENTICATOR_AT, HEADER_OCTETS), AUTHENTICATOR_AT);
  if (!timingSafeEqual(stated, md5(packet, secret))) return null;
  const attributes = parseAttributes(packet);
  if (attributes === null || !hasTrueMac(packet, attributes, secret)) return null;
  if (code === DISCONNECT_ACK) return { kind: 'ack' };
  const cause = attributes.find(({ type }) => type === ATTRIBUTES.errorCause);
  return { kind: 'nak', errorCause: cause?.value.length === 4 ? cause.value.readUInt32BE() : null };
}

interface Attribute {
  readonly type: number;
  readonly at: number;
  readonly value: Buffer;
}

/** Null when they do not fill the packet to its end. */
function parseAttributes(packet: Buffer): readonly Attribute[] | null {
  const attributes: Attribute[] = [];
  for (let at = HEADER_OCTETS; at < packet.length;) {
    const octets = packet[at + 1] ?? 0;
    if (octets < 2 || at + octets > packet.length) return null;
    attributes.push({ type: packet[at] ?? 0, at: at + 2, value: packet.subarray(at + 2, at + octets) });
    at += octets;
  }
  return attributes;
}

/** `packet` has the request's authenticator in its place. */
function hasTrueMac(packet: Buffer, attributes: readonly Attribute[], secret: Uint8Array): boolean {
  const [mac, another] = attributes.filter(({ type }) => type === ATTRIBUTES.messageAuthenticator);
  if (mac === undefined) return true;
  if (another !== undefined || mac.value.length !== AUTHENTICATOR_OCTETS) return false;
  const bare = Buffer.from(packet);
  bare.fill(0, mac.at, mac.at + AUTHENTICATOR_OCTETS);
  return timingSafeEqual(mac.value, hmacMd5(secret, bare));
}

function attribute(type: number, value: Uint8Array): Buffer {
  if (value.length > VALUE_OCTETS_MAX) throw new TypeError(`attribute ${String(type)} is longer than RADIUS allows`);
  return Buffer.concat([Buffer.from([type, value.length + 2]), value]);
}

function nasAttribute(nas: string): Buffer {
  switch (isIP(nas)) {
    case 4:
      return attribute(ATTRIBUTES.nasIpAddress, Buffer.from(nas.split('.').map(Number)));
    case 6:
      return attribute(ATTRIBUTES.nasIpv6Address, ipv6Octets(nas));
    default:
      return attribute(ATTRIBUTES.nasIdentifier, Buffer.from(nas));
  }
}

/** RFC 4291 2.2: one `::` stands for all groups that are missing. */
function ipv6Octets(address: string): Buffer {
  // One way to write it: without a zone, and with an IPv4 tail as two groups.
  const plain = new SocketAddress({ address: address.split('%')[0] ?? '', family: 'ipv6' }).address;
  const groups = (part: string): readonly string[] =>
    part === '' ? [] : part.split(':').flatMap((group) => (group.includes('.') ? toGroups(group) : [group]));
  const [before = '', after] = plain.split('::');
  const [head, tail] = [groups(before), groups(after ?? '')];
  const all = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function toGroups(ipv4: string): readonly string[] {
  const hex = Buffer.from(ipv4.split('.').map(Number)).toString('hex');
  return [hex.slice(0, 4), hex.slice(4)];
}

const md5 = (packet: Uint8Array, secret: Uint8Array): Buffer => createHash('md5').update(packet).update(secret).digest();
const hmacMd5 = (secret: Uint8Array, packet: Uint8Array): Buffer => createHmac('md5', secret).update(packet).digest();
