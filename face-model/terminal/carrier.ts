import type { CarriedFace } from '#gateway/domain/face/face-code.ts';

export const CARRIERS = ['card', 'phone'] as const;
export type CarrierName = (typeof CARRIERS)[number];

/** What a person brings their sealed face on. */
export interface Carrier {
  /** Null: nothing is there, or not in time. `unreadable`: something else is on it. The signal ends it with null. */
  read(signal: AbortSignal): Promise<CarriedFace | 'unreadable' | null>;
  /** True: it was read back from it. `portalUrl`: where a phone takes it, behind `#`. */
  keep(face: CarriedFace, portalUrl: string): Promise<boolean>;
}

/** What is there first; the others are told to end. */
export async function readFirst(carriers: readonly Carrier[], onUnreadable: () => void): Promise<CarriedFace | null> {
  const end = new AbortController();
  const reads = carriers.map(async (carrier) => {
    const read = await carrier.read(end.signal);
    if (read === 'unreadable') onUnreadable();
    if (read === null || read === 'unreadable') throw new RangeError('nothing is carried here');
    return read;
  });
  try {
    return await Promise.any(reads);
  } catch {
    return null; // One that fails is one that is not there.
  } finally {
    end.abort();
  }
}
