import { z } from 'zod';
import { SERVER_SESSION_ID_CHARS_MAX } from '../ports/vpn-session-store.ts';

/*
 * What rlm_rest sends with `body = 'json'`: every attribute of the packet as {"Name": {"type", "value": [...]}}. With a template of one's
 * own it would put the user's text unescaped into the document.
 */
const attributeSchema = z.looseObject({ value: z.array(z.union([z.string(), z.number(), z.boolean()])) });
const attributesSchema = z.record(z.string(), z.unknown());

/** Longest value that RADIUS can carry, octets (RFC 2865 5). */
const VALUE_OCTETS_MAX = 253;

export type RadiusAttributes = (name: string) => string | null;

/** The first value of each attribute, as text; null when it is absent, empty or longer than RADIUS allows. */
export function parseAttributes(body: unknown): RadiusAttributes | null {
  const parsed = attributesSchema.safeParse(body);
  if (!parsed.success) return null;
  const attributes = parsed.data;
  return (name) => {
    const attribute = Object.hasOwn(attributes, name) ? attributeSchema.safeParse(attributes[name]).data : undefined;
    const value = attribute?.value[0];
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
