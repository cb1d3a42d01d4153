import type Provider from 'oidc-provider';
import { createTurns } from '../app/directory/turns.ts';
import type { Clock } from '../ports/clock.ts';
import type { KeyRetirement, KeyRing, KeyRotation, KeyView, ProviderKeys } from './keys/signing-keys.ts';

/**
 * The provider in force. It reads its keys once, when it is built; a change of keys is another provider over the same store, and
 * requests under way end at the one where they began. Nothing is lost: all that lasts is in the store.
 */
export interface CurrentProvider {
  readonly provider: () => Provider;
  readonly keys: () => ProviderKeys;
  /** Builds the next provider when the time of this one's keys is over. @throws secret.unavailable */
  readonly renew: () => Promise<void>;
  /** @throws request.conflict, secret.unavailable */
  readonly rotateKeys: () => Promise<KeyRotation>;
  /** When this resolves the key signs nothing and is published no longer. Null when there is no such key. @throws request.conflict, secret.unavailable */
  readonly retireKey: (kid: string) => Promise<KeyRetirement | null>;
  /** @throws secret.unavailable */
  readonly listKeys: () => Promise<readonly KeyView[]>;
}

interface Deps {
  readonly ring: KeyRing;
  readonly clock: Clock;
  readonly build: (keys: ProviderKeys) => Provider;
}

export async function createCurrentProvider({ build, clock, ring }: Deps): Promise<CurrentProvider> {
  const load = async () => {
    const { keys, validUntilMs } = await ring.inForce();
    return { keys, validUntilMs, provider: build(keys) };
  };
  let current = await load();
  let loading: Promise<void> | null = null;
  const inTurn = createTurns();

  const reload = (): Promise<void> => {
    loading ??= load()
      .then((next) => {
        current = next;
      })
      .finally(() => {
        loading = null;
      });
    return loading;
  };

  /** A load that began before the change may have read what was before it. */
  const reloadAnew = async (): Promise<void> => {
    await loading?.catch(() => undefined);
    await reload();
  };

  return {
    provider: () => current.provider,
    keys: () => current.keys,
    renew: async () => {
      if (clock.nowMs() >= current.validUntilMs) await reload();
    },
    rotateKeys: () =>
      inTurn(async () => {
        const rotation = await ring.rotate();
        await reloadAnew();
        return rotation;
      }),
    retireKey: (kid) =>
      inTurn(async () => {
        const retirement = await ring.retire(kid);
        if (retirement !== null) await reloadAnew();
        return retirement;
      }),
    listKeys: () => ring.list(),
  };
}
