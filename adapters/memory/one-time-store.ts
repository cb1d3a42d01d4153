import { GatewayError } from '#gateway/domain/errors.ts';
import { ONE_TIME_ITEMS_MAX, ONE_TIME_PAYLOAD_MAX, type OneTimePurpose, type OneTimeStore } from '#gateway/ports/one-time-store.ts';

interface Item {
  readonly payloadJson: string;
  readonly expiresAtMs: number;
}

const mapKey = (purpose: OneTimePurpose, key: string): string => `${purpose} ${key}`;

export function createMemoryOneTimeStore(limits: { readonly itemsMax: number } = { itemsMax: ONE_TIME_ITEMS_MAX }): OneTimeStore {
  const items = new Map<string, Item>();
  const live = (purpose: OneTimePurpose, key: string, nowMs: number): string | null => {
    const item = items.get(mapKey(purpose, key));
    return item !== undefined && item.expiresAtMs > nowMs ? item.payloadJson : null;
  };

  return {
    put: async ({ purpose, key, payloadJson, expiresAtMs, nowMs }) => {
      if (payloadJson.length > ONE_TIME_PAYLOAD_MAX) throw new GatewayError('request.too_large', 'The payload is too long.');
      for (const [id, item] of items) if (item.expiresAtMs <= nowMs) items.delete(id);
      if (!items.has(mapKey(purpose, key)) && items.size >= limits.itemsMax) {
        throw new GatewayError('store.conflict', 'Too many requests are open; try again in a few minutes.');
      }
      items.set(mapKey(purpose, key), { payloadJson, expiresAtMs });
    },
    peek: async (purpose, key, nowMs) => live(purpose, key, nowMs),
    take: async (purpose, key, nowMs) => {
      const payload = live(purpose, key, nowMs);
      items.delete(mapKey(purpose, key));
      return payload;
    },
  };
}
