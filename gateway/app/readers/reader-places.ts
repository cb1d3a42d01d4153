import type { ReaderPlace } from '../../domain/readers/reader-keys.ts';
import type { ReaderId } from '../../domain/site/ids.ts';
import type { Reader } from '../../domain/site/site.ts';
import { forgetKeyState, type ReaderKeyStore } from './reader-key-store.ts';

/**
 * Where readers went by osdp_COMSET. Once the configuration gives a reader another address than it had then, somebody has moved it since, and that
 * holds. Speeds are those of serial lines: a serial server has its own.
 */
export async function readReaderPlaces(
  readers: readonly Reader[],
  store: ReaderKeyStore,
): Promise<(readerId: ReaderId, link: 'serial' | 'tcp') => { readonly address?: number; readonly baud?: number }> {
  const places = new Map<ReaderId, ReaderPlace>();
  for (const { id, address } of readers) {
    // Keys that cannot be opened keep their reader off line, wherever it is.
    const state = await store.read(id).catch(() => null);
    forgetKeyState(state);
    if (state?.place?.fromAddress === address) places.set(id, state.place);
  }
  return (readerId, link) => {
    const place = places.get(readerId);
    if (place === undefined) return {};
    return link === 'serial' ? { address: place.address, baud: place.baud } : { address: place.address };
  };
}
