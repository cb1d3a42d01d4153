import { z } from 'zod';
import type { DecisionId } from '../domain/site/ids.ts';
import { tryParse } from '../domain/try-parse.ts';
import { SERVER_SESSION_ID_CHARS_MAX } from '../ports/vpn-session-store.ts';

/*
 * What rlm_rest sends with `body = 'json'`: every attribute of the packet as {"Name": {"type", "value": [...]}}. With a template of one's
 * own it would put the user's text unescaped into the document.
 */
const attributeSchema = z.looseObject({ value: z.array(z.union([z.string(), z.number(), z.boolean()])) });
const attributesSchema = z.record(z.string(), z.unknown());

/** Longest value that RADIUS can carry, octets (RFC 2865 5). */
const VALUE_OCTETS_MAX = 253;

/** `index` for attributes that a packet may hold several times. */
export type RadiusAttributes = (name: string, index?: number) => string | null;

/** The value of each attribute, as text; null when it is absent, empty or longer than RADIUS allows. */
export function parseAttributes(body: unknown): RadiusAttributes | null {
  const parsed = tryParse(attributesSchema, body);
  if (!parsed.success) return null;
  const attributes = parsed.data;
  return (name, index = 0) => {
    const attribute = Object.hasOwn(attributes, name) ? tryParse(attributeSchema, attributes[name]).data : undefined;
    const value = attribute?.value[index];
    if (value === undefined) return null;
    const text = String(value);
    return text === '' || Buffer.byteLength(text) > VALUE_OCTETS_MAX ? null : text;
  };
}

/** Calling-Station-Id is an address where the client is a VPN client, and a MAC address elsewhere: then it says nothing about the network. */
export function ipOf(attributes: RadiusAttributes): string | null {
  const text = attributes('Calling-Station-Id');
  return text !== null && /^[0-9a-f:.]{3,45}$/i.test(text) && (text.includes('.') || text.includes('::') || text.split(':').length === 8)
    ? text
    : null;
}

/** `push`, alone or with a word to know the connection by; nothing at all is the same. */
const PUSH = /^(?:push(?:[\s-]+([a-z0-9]{1,12}))?)?$/i;

/** Null when something else was typed: a code. */
export function pushWordOf(attributes: RadiusAttributes): { readonly word: string | null } | null {
  const typed = PUSH.exec((attributes('User-Password') ?? '').trim());
  return typed === null ? null : { word: typed[1] ?? null };
}

/** Names that a certificate may have for this gateway to look at. */
export const CERTIFICATE_NAMES_MAX = 8;

export interface ShownCertificate {
  readonly issuer: string;
  readonly names: readonly string[];
}

/** Of the client's certificate that FreeRADIUS has verified; null when there is none. */
export function certificateOf(attributes: RadiusAttributes): ShownCertificate | null {
  const issuer = attributes('TLS-Client-Cert-Issuer');
  const dnsNames = Array.from({ length: CERTIFICATE_NAMES_MAX - 1 }, (_, index) =>
    attributes('TLS-Client-Cert-Subject-Alt-Name-Dns', index),
  );
  const names = [attributes('TLS-Client-Cert-Common-Name'), ...dnsNames].filter((name) => name !== null);
  return issuer === null ? null : { issuer, names };
}

/** What the server calls itself: the address that it states, or the name. */
export function nasOf(attributes: RadiusAttributes): string | null {
  return attributes('NAS-IP-Address') ?? attributes('NAS-IPv6-Address') ?? attributes('NAS-Identifier');
}

/** Servers give back what they were answered (RFC 2865 5.25); FreeRADIUS writes octets as `0x` and hex. */
export function decisionIdOf(attributes: RadiusAttributes): DecisionId | null {
  const [, hex] = /^0x((?:[0-9a-f]{2})+)$/i.exec(attributes('Class') ?? '') ?? [];
  const text = Buffer.from(hex ?? '', 'hex').toString('latin1');
  // Looked up at once: a number that was never given out finds nothing.
  return /^dec_[a-z0-9]{1,60}$/.test(text) ? (text as DecisionId) : null;
}

export type AccountingEvent =
  | { readonly kind: 'start' | 'interim' | 'stopped'; readonly serverSessionId: string; readonly userName: string; readonly cause: string }
  | { readonly kind: 'server_started' }
  | { readonly kind: 'other' };

/** RFC 2866 5.1, by name or number: FreeRADIUS writes either. */
const STATUS_TYPES: Readonly<Record<string, 'start' | 'interim' | 'stopped' | 'server_started'>> = {
  '1': 'start',
  Start: 'start',
  '3': 'interim',
  'Interim-Update': 'interim',
  Alive: 'interim',
  '2': 'stopped',
  Stop: 'stopped',
  '7': 'server_started',
  'Accounting-On': 'server_started',
  '8': 'server_started',
  'Accounting-Off': 'server_started',
};

/** Null when a start, sign of life or stop does not say of which session. */
export function toAccountingEvent(attributes: RadiusAttributes): AccountingEvent | null {
  const status = attributes('Acct-Status-Type') ?? '';
  const kind = Object.hasOwn(STATUS_TYPES, status) ? STATUS_TYPES[status] : undefined;
  if (kind === undefined) return { kind: 'other' };
  if (kind === 'server_started') return { kind };
  const serverSessionId = attributes('Acct-Session-Id');
  const userName = attributes('User-Name');
  if (serverSessionId === null || userName === null || serverSessionId.length > SERVER_SESSION_ID_CHARS_MAX) return null;
  return { kind, serverSessionId, userName, cause: `server:${attributes('Acct-Terminate-Cause') ?? 'ended'}` };
}
