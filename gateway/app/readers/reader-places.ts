import type { ReaderPlace } from '../../domain/readers/reader-keys.ts';
import type { ReaderId } from '../../domain/site/ids.ts';
import type { Reader } from '../../domain/site/site.ts';
import { forgetKeyState, type ReaderKeyStore } from './reader-key-store.ts';

type PlaceOf = (readerId: ReaderId, link: 'serial' | 'tcp') => { readonly address?: number; readonly baud?: number };

/**
 * Where readers went by osdp_COMSET. Once the configuration gives a reader another address than it had then, somebody has moved it since, and that
 * holds. A place that another reader of the line has by now is told to `onTaken` and left: one reader is off line then, and not every door. Speeds
 * are those of serial lines: a serial server has its own.
 */
export async function readReaderPlaces(
  readers: readonly Reader[],
  store: ReaderKeyStore,
  onTaken: (readerId: ReaderId, address: number) => void,
): Promise<PlaceOf> {
  const places = new Map<ReaderId, ReaderPlace>();
  for (const { id, address } of readers) {
    // Keys that cannot be opened keep their reader off line, wherever it is.
    const state = await store.read(id).catch(() => null);
    forgetKeyState(state);
    if (state?.place?.fromAddress === address) places.set(id, state.place);
  }
  for (let taken = findTaken(readers, places); taken !== undefined; taken = findTaken(readers, places)) {
    onTaken(taken.id, places.get(taken.id)?.address ?? taken.address);
    places.delete(taken.id);
  }
  return (readerId, link) => {
    const place = places.get(readerId);
    if (place === undefined) return {};
    return link === 'serial' ? { address: place.address, baud: place.baud } : { address: place.address };
  };
}

/** A moved reader that meets another one of its line; each one that goes back may meet the next. */
function findTaken(readers: readonly Reader[], places: ReadonlyMap<ReaderId, ReaderPlace>): Reader | undefined {
  const addressOf = ({ id, address }: Reader): number => places.get(id)?.address ?? address;
  return readers.find(
    (moved) =>
      places.has(moved.id) &&
      readers.some((other) => other.id !== moved.id && other.busId === moved.busId && addressOf(other) === addressOf(moved)),
  );
}
