import { ATTESTATION_LIFE_MS_MAX } from '../../domain/face/attestation.ts';
import { judgeReaderScore, type ReaderMatchFault } from '../../domain/face/reader-match.ts';
import type { DoorId, PersonId, ReaderId } from '../../domain/site/ids.ts';
import type { ReaderBiometrics } from '../../domain/site/site.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { BiometricReaders } from '../../ports/biometric-readers.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ReaderTemplateStore } from '../../ports/reader-template-store.ts';
import type { FaceAnswer, FaceDeskDeps } from './face-desk.ts';

export interface BiometricDeskDeps {
  readonly sites: Pick<SiteMap, 'reader'>;
  readonly readers: BiometricReaders;
  readonly templates: Pick<ReaderTemplateStore, 'find'>;
  readonly clock: Clock;
  /** A comparison that speaks against whose badge it was. */
  readonly onFault: NonNullable<FaceDeskDeps['onFault']>;
  /** An answer that became no fact. */
  readonly onRefused: (refusal: {
    readonly code: Exclude<ReaderMatchFault, 'face.unavailable' | 'face.timeout'>;
    readonly deviceId: null;
    readonly readerId: ReaderId;
  }) => void;
}

interface Open {
  readonly deadlineMs: number;
  readonly settle: (answer: FaceAnswer) => void;
}

/** Badges that wait for the reader's own scanner: the template goes to the reader, and its score comes back. One at each reader at most. */
export class BiometricDesk {
  readonly #deps: BiometricDeskDeps;
  readonly #open = new Map<ReaderId, Open>();

  constructor(deps: BiometricDeskDeps) {
    this.#deps = deps;
  }

  /** Whether the configuration says that the reader compares. */
  knows(readerId: ReaderId): boolean {
    return this.#deps.sites.reader(readerId)?.biometrics !== undefined;
  }

  /** Resolves when the reader has answered, or its time is over. Never throws. */
  ask(at: { readonly personId: PersonId; readonly doorId: DoorId; readonly readerId: ReaderId }): Promise<FaceAnswer> {
    this.abandon(at.readerId);
    const biometrics = this.#deps.sites.reader(at.readerId)?.biometrics;
    if (biometrics === undefined) return Promise.resolve({ ok: false, code: 'face.unavailable' });
    const { promise, resolve } = Promise.withResolvers<FaceAnswer>();
    const open: Open = { deadlineMs: this.#nowMs() + ATTESTATION_LIFE_MS_MAX, settle: resolve };
    this.#open.set(at.readerId, open);
    void this.#compare(at, biometrics, open).then((answer) => this.#end(at.readerId, open, answer));
    return promise;
  }

  /** A new card starts over. */
  abandon(readerId: ReaderId): void {
    this.#endEarly(readerId, 'face.abandoned');
  }

  /** Ends what waited for too long: a reader that says nothing must hold nobody up. */
  tick(): void {
    const nowMs = this.#nowMs();
    for (const [readerId, { deadlineMs }] of this.#open) if (nowMs >= deadlineMs) this.#endEarly(readerId, 'face.timeout');
  }

  async #compare(
    { personId, readerId }: { readonly personId: PersonId; readonly readerId: ReaderId },
    biometrics: ReaderBiometrics,
    open: Open,
  ): Promise<FaceAnswer> {
    const { clock, onFault, onRefused, readers, templates } = this.#deps;
    const template = await templates.find(personId, biometrics, clock.nowMs()).catch(() => undefined);
    // A template that does not open is no reason to compare with nothing.
    if (template === undefined) return { ok: false, code: 'face.unavailable' };
    if (template === null) return { ok: false, code: 'face.not_enrolled' };
    try {
      // Another card came while the store was read.
      if (this.#open.get(readerId) !== open) return { ok: false, code: 'face.abandoned' };
      const match = judgeReaderScore(await readers.match(readerId, biometrics, template), biometrics);
      const isLate = this.#open.get(readerId) !== open;
      if (!match.ok) {
        const isBroken = match.code === 'face.wrong_binding' || match.code === 'face.attestation_invalid';
        if (!isLate && isBroken) onRefused({ code: match.code, deviceId: null, readerId });
        return match;
      }
      if (!isLate && match.isOther) onFault({ personId, readerId, result: 'no_match' });
      return { ok: true, personId, face: match.face };
    } catch {
      return { ok: false, code: 'face.unavailable' };
    } finally {
      template.fill(0);
    }
  }

  #nowMs(): number {
    return this.#deps.clock.monotonicUs() / 1_000;
  }

  #endEarly(readerId: ReaderId, code: 'face.abandoned' | 'face.timeout'): void {
    const open = this.#open.get(readerId);
    if (open === undefined) return;
    this.#end(readerId, open, { ok: false, code });
    this.#deps.readers.cancel(readerId);
  }

  /** An answer to a question that is no longer open is for nobody. */
  #end(readerId: ReaderId, open: Open, answer: FaceAnswer): void {
    if (this.#open.get(readerId) !== open) return;
    this.#open.delete(readerId);
    open.settle(answer);
  }
}
