import { GatewayError } from '#gateway/domain/errors.ts';
import {
  GIVING_WAY,
  ONE_TIME_ITEMS_MAX,
  ONE_TIME_PAYLOAD_MAX,
  type OneTimePurpose,
  type OneTimeStore,
} from '#gateway/ports/one-time-store.ts';

interface Item {
  readonly purpose: OneTimePurpose;
  readonly payloadJson: string;
  readonly expiresAtMs: number;
}

const mapKey = (purpose: OneTimePurpose, key: string): string => `${purpose} ${key}`;

export function createMemoryOneTimeStore(
  limits: { readonly itemsMax: Readonly<Record<OneTimePurpose, number>> } = { itemsMax: ONE_TIME_ITEMS_MAX },
): OneTimeStore {
  const items = new Map<string, Item>();
  const live = (purpose: OneTimePurpose, key: string, nowMs: number): string | null => {
    const item = items.get(mapKey(purpose, key));
    return item !== undefined && item.expiresAtMs > nowMs ? item.payloadJson : null;
  };
  const makeRoom = (purpose: OneTimePurpose, nowMs: number): void => {
    for (const [id, item] of items) if (item.expiresAtMs <= nowMs) items.delete(id);
    const oldestFirst = [...items]
      .filter(([, item]) => item.purpose === purpose)
      .sort(([a, { expiresAtMs: x }], [b, { expiresAtMs: y }]) => x - y || (a < b ? -1 : 1));
    const surplus = oldestFirst.length + 1 - limits.itemsMax[purpose];
    if (surplus <= 0) return;
    if (!GIVING_WAY.has(purpose)) throw new GatewayError('store.conflict', 'Too many requests are open; try again in a few minutes.');
    for (const [id] of oldestFirst.slice(0, surplus)) items.delete(id);
  };

  const put: OneTimeStore['put'] = async ({ purpose, key, payloadJson, expiresAtMs, nowMs }) => {
    if (payloadJson.length > ONE_TIME_PAYLOAD_MAX) throw new GatewayError('request.too_large', 'The payload is too long.');
    if (live(purpose, key, nowMs) === null) makeRoom(purpose, nowMs);
    items.set(mapKey(purpose, key), { purpose, payloadJson, expiresAtMs });
  };

  return {
    put,
    putNew: async (item) => {
      if (live(item.purpose, item.key, item.nowMs) !== null) return false;
      await put(item);
      return true;
    },
    peek: async (purpose, key, nowMs) => live(purpose, key, nowMs),
    take: async (purpose, key, nowMs) => {
      const payload = live(purpose, key, nowMs);
      items.delete(mapKey(purpose, key));
      return payload;
    },
  };
}
