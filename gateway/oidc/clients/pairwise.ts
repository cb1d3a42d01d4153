import { createHmac } from 'node:crypto';
import type { Client, KoaContextWithOIDC } from 'oidc-provider';

/**
 * OpenID Connect Core 8.1: HMAC over sector and person under a key of the gateway's own, so that nobody who knows a person's id can
 * compute, or two sectors compare, the subjects.
 */
export function createPairwiseIdentifier(key: string) {
  return (_ctx: KoaContextWithOIDC, personId: string, client: Client): string => {
    // Absent from the types; the provider derives it from sector_identifier_uri or the first redirect URI.
    const sector = (client as unknown as { readonly sectorIdentifier?: string }).sectorIdentifier ?? '';
    return createHmac('sha256', key)
      .update(`${String(sector.length)}:${sector}:${personId}`, 'utf8')
      .digest('base64url');
  };
}
