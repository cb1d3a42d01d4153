import { GatewayError } from '../../domain/errors.ts';
import type { MasterKeyState } from '../../domain/readers/master-key.ts';
import type { SiteId } from '../../domain/site/ids.ts';
import { READER_KEY_LENGTHS } from '../../domain/site/site.ts';
import type { SecretStore } from '../../ports/secret-store.ts';

const VERSION = 1;
/** Version, generation (LE32). One key follows, or two. */
const HEADER_BYTES = 5;
/** Master keys belong to secure channel 1. */
const KEY_BYTES = READER_KEY_LENGTHS[1];

/** Names the secret that holds the master key of a site's readers. */
export const masterKeyName = (siteId: string): string => `site/${siteId}/osdp_master_key`;

/** The master keys of sites, one durable change of a site after the other. */
export interface MasterKeyStore {
  /** Copies that the caller owns and forgets; null when the site has none. @throws secret.unavailable */
  read(siteId: SiteId): Promise<MasterKeyState | null>;
  /** As in `ReaderKeyStore`: what `change` returns is durable when this resolves, null leaves all as it is. @throws secret.unavailable */
  update(siteId: SiteId, change: (state: MasterKeyState | null) => MasterKeyState | null): Promise<MasterKeyState | null>;
}

export function createMasterKeyStore(secrets: SecretStore): MasterKeyStore {
  let tail: Promise<unknown> = Promise.resolve();

  async function read(siteId: SiteId): Promise<MasterKeyState | null> {
    const record = await secrets.read(masterKeyName(siteId));
    try {
      return record === null ? null : decode(record);
    } finally {
      record?.fill(0);
    }
  }

  async function write(siteId: SiteId, state: MasterKeyState): Promise<void> {
    const record = encode(state);
    try {
      await secrets.write(masterKeyName(siteId), record);
    } finally {
      record.fill(0);
    }
  }

  return {
    read,
    update(siteId, change) {
      const done = tail.then(async () => {
        const before = await read(siteId);
        let after: MasterKeyState | null = null;
        try {
          const wanted = change(before);
          if (wanted !== null && wanted !== before) await write(siteId, wanted);
          after = wanted;
          return after;
        } finally {
          for (const key of keysOf(before)) if (!keysOf(after).includes(key)) key.fill(0);
        }
      });
      tail = done.catch(() => undefined);
      return done;
    },
  };
}

export function forgetMasterKeys(state: MasterKeyState | null): void {
  for (const key of keysOf(state)) key.fill(0);
}

function keysOf(state: MasterKeyState | null): readonly Uint8Array[] {
  if (state === null) return [];
  return state.next === null ? [state.current] : [state.current, state.next];
}

function encode(state: MasterKeyState): Uint8Array {
  const keys = keysOf(state);
  const record = new Uint8Array(HEADER_BYTES + keys.length * KEY_BYTES);
  record[0] = VERSION;
  new DataView(record.buffer).setUint32(1, state.generation, true);
  keys.forEach((key, index) => record.set(key, HEADER_BYTES + index * KEY_BYTES));
  return record;
}

function decode(record: Uint8Array): MasterKeyState {
  const count = (record.length - HEADER_BYTES) / KEY_BYTES;
  if (record[0] !== VERSION || (count !== 1 && count !== 2)) {
    throw new GatewayError('secret.unavailable', 'The stored master key of a site is damaged.');
  }
  const keyAt = (index: number): Uint8Array => record.slice(HEADER_BYTES + index * KEY_BYTES, HEADER_BYTES + (index + 1) * KEY_BYTES);
  const generation = new DataView(record.buffer, record.byteOffset).getUint32(1, true);
  return { current: keyAt(0), generation, next: count === 2 ? keyAt(1) : null };
}
