import type { Deny } from '../../domain/access/decision.ts';
import { explainReason } from '../../domain/access/reason-text.ts';

/** Longest Reply-Message, octets (RFC 2865 5.18); what OpenVPN shows is longer. */
export const REPLY_OCTETS_MAX = 253;

/** Why a person is refused, what to do, and what to quote, in one line that fits every VPN protocol. */
export function refusalText(deny: Pick<Deny, 'id' | 'reasons'>): string {
  const { message, remedy } = explainReason(deny.reasons[0]);
  const quoted = ` [${deny.id}]`;
  return `${cutToOctets(toPlain(`${message} ${remedy}`), REPLY_OCTETS_MAX - quoted.length)}${quoted}`;
}

/** VPN clients show typographic signs as bytes or not at all. */
function toPlain(text: string): string {
  return text.replaceAll('’', "'").replaceAll(/[^\x20-\x7e]/g, '?');
}

/** Never in the middle of a character. */
export function cutToOctets(text: string, octetsMax: number): string {
  let octets = 0;
  let cut = '';
  for (const character of text) {
    octets += Buffer.byteLength(character);
    if (octets > octetsMax) return cut;
    cut += character;
  }
  return cut;
}
