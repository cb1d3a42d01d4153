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

interface Opening<Opened> {
  /** Null: it is not to be opened. */
  readonly open: (face: CarriedFace) => Promise<Opened | null>;
  readonly onUnreadable: () => void;
}

/** What opens first; the others are told to end. An old card does not stand in the way of a phone. */
export async function openFirst<Opened>(carriers: readonly Carrier[], { onUnreadable, open }: Opening<Opened>): Promise<Opened | null> {
  const end = new AbortController();
  let isOpen = false;
  let before: Promise<unknown> = Promise.resolve();
  const tries = carriers.map(async (carrier) => {
    const read = await carrier.read(end.signal);
    if (read === 'unreadable') onUnreadable();
    if (read === null || read === 'unreadable') throw new RangeError('nothing is carried here');
    // One after the other: a question is worth one key.
    const turn = before.then(async () => (isOpen ? null : open(read)));
    before = turn.then(
      (opened) => (isOpen ||= opened !== null),
      () => undefined,
    );
    const opened = await turn;
    if (opened === null) throw new RangeError('what is carried here does not open');
    return opened;
  });
  try {
    return await Promise.any(tries);
  } catch {
    return null; // One that fails is one that is not there.
  } finally {
    end.abort();
  }
}
