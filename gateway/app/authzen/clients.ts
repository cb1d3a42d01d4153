import { hash as hashOnce, timingSafeEqual } from 'node:crypto';
import type { ActionName } from '../../domain/access/action-name.ts';
import type { ObligationId } from '../../domain/access/obligation.ts';
import type { AuthzenClient } from './types.ts';

/** A client as configured. */
export interface ClientRights {
  readonly id: string;
  /** SHA-256 (lower-case hex) of its random key. */
  readonly keySha256: string;
  readonly actions: readonly ActionName[];
  /** `door`, or `door:ID` for one of them. */
  readonly resources: readonly string[];
  readonly fulfils: readonly ObligationId[];
  readonly hasSecureReaders: boolean;
}

export function toClient({ id, actions, resources, fulfils, hasSecureReaders }: ClientRights): AuthzenClient {
  const allowed = new Set(resources);
  return {
    id,
    fulfils,
    hasSecureReaders,
    mayAsk: (action, type, resourceId) =>
      actions.includes(action) && (allowed.has(type) || (resourceId !== null && allowed.has(`${type}:${resourceId}`))),
  };
}

/** Finds the client whose key this is. Keys are random, so that a plain hash is enough; there is no key that was not configured. */
export function createFindClient(configured: readonly ClientRights[]): (key: string) => AuthzenClient | null {
  const byHash = new Map(
    configured.map((rights) => [rights.keySha256, { expected: Buffer.from(rights.keySha256), client: toClient(rights) }]),
  );
  return (key) => {
    const hash = hashOnce('sha256', key, 'hex');
    const found = byHash.get(hash);
    if (found === undefined) return null;
    return timingSafeEqual(found.expected, Buffer.from(hash)) ? found.client : null;
  };
}
