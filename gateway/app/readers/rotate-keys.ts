import { timingSafeEqual } from 'node:crypto';
import { stageRotation, type ReaderKeyState, type RotationWish } from '../../domain/readers/reader-keys.ts';
import type { ReaderId } from '../../domain/site/ids.ts';
import type { Reader } from '../../domain/site/site.ts';
import { READER_KEY_LENGTHS } from '../../domain/site/site.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { ReaderHealth, ReaderMaintenance } from '../../ports/reader-maintenance.ts';
import type { DerivedKey, DiversifiedKeys } from './diversified-keys.ts';
import type { OperationBook, OperationHead } from './operation-book.ts';
import type { ReaderPairing } from './pair-reader.ts';
import type { OperationLog } from './record-operation.ts';
import type { ReaderKeyKeeper } from './reader-key-keeper.ts';
import { forgetKeyState, type ReaderKeyStore } from './reader-key-store.ts';

/** A reader that did not take its key is tried again after this, ms, and this often in all while it is on line. */
export const ROTATION_RETRY_MS = 5_000;
export const ROTATION_ATTEMPTS_MAX = 5;

export interface RotateKeysDeps {
  readonly readers: readonly Reader[];
  readonly maintenance: ReaderMaintenance;
  readonly store: ReaderKeyStore;
  readonly keeper: ReaderKeyKeeper;
  readonly book: OperationBook;
  readonly log: OperationLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly onFailure: (failure: unknown) => void;
  readonly diversified?: DiversifiedKeys;
  readonly pairing: Pick<ReaderPairing, 'replaceShared'>;
}

interface Attempts {
  readonly count: number;
  readonly notBeforeMs: number;
}
const NO_ATTEMPTS: Attempts = { count: 0, notBeforeMs: 0 };

/**
 * Gives readers new keys: one reader of a line at a time, those whose key was given by hand first, then the oldest keys. What is wanted is kept with the
 * reader's keys, and the new key is stored before it is sent: after a crash the next handshake tells which one the reader has, and the rest goes on.
 */
export class KeyRotation {
  readonly #deps: RotateKeysDeps;
  readonly #attempts = new Map<ReaderId, Attempts>();
  readonly #busyLines = new Set<string>();
  readonly #ages = new Map<ReaderId, number>();
  /** A key that two readers share is replaced at one of them at a time: then it is the other's own. */
  #isReplacing = false;

  constructor(deps: RotateKeysDeps) {
    this.#deps = deps;
  }

  /** Notes the wish with each reader's keys. A reader without keys fails at once: it is paired, or given a key by hand. */
  async want(head: OperationHead, readerIds: readonly ReaderId[]): Promise<void> {
    const { id: operationId, operatorId, decisionId, beganAtMs: sinceMs } = head;
    for (const readerId of readerIds) {
      const hasKeys = await this.#change(readerId, (state) => ({ ...state, rotation: { operationId, operatorId, decisionId, sinceMs } }));
      if (!hasKeys) await this.#fail(head, readerId, 'reader.key_missing');
    }
    this.pump();
  }

  /** What an earlier process left undone. */
  async resume(): Promise<void> {
    const wishes = new Map<string, { readonly wish: RotationWish; readonly readerIds: ReaderId[] }>();
    for (const { id } of this.#deps.readers) {
      // Keys that cannot be opened keep their own reader off line; nothing can be wanted of it.
      const state = await this.#deps.store.read(id).catch(() => null);
      const wish = state?.rotation ?? null;
      this.#noteAge(id, state);
      forgetKeyState(state);
      if (wish === null) continue;
      const known = wishes.get(wish.operationId) ?? { wish, readerIds: [] };
      wishes.set(wish.operationId, known);
      known.readerIds.push(id);
    }
    for (const { wish, readerIds } of wishes.values()) {
      const { operationId: id, operatorId, decisionId, sinceMs: beganAtMs } = wish;
      this.#deps.book.open({ id, kind: 'rotate_keys', operatorId, decisionId, beganAtMs }, readerIds);
    }
    this.pump();
  }

  /** The second key of a reader works. Whoever waited for that has it, whether this process sent it or one before. */
  async confirmed(readerId: ReaderId): Promise<void> {
    const { book, clock, diversified } = this.#deps;
    await diversified?.promoteFor(readerId);
    for (const view of book.views()) {
      const head = view.kind === 'rotate_keys' ? book.head(view.id) : null;
      if (head !== null && book.tell(view.id, readerId, { state: 'done', code: null }, clock.nowMs())) {
        await this.#deps.log.ended(head, readerId, 'ok');
      }
    }
  }

  /** Readers whose turn has not come keep their keys. */
  async cancel(operationId: string): Promise<boolean> {
    const { book, clock } = this.#deps;
    const head = book.head(operationId);
    const waiting = book.pending('rotate_keys').filter((pending) => pending.operationId === operationId);
    if (head === null) return false;
    for (const { readerId } of waiting) {
      if (!book.tell(operationId, readerId, { state: 'cancelled' }, clock.nowMs())) continue;
      await this.#change(readerId, (state) => (state.rotation?.operationId === operationId ? { ...state, rotation: null } : state));
      await this.#deps.log.ended(head, readerId, 'cancelled');
    }
    return waiting.length > 0;
  }

  /** Begins whatever can begin now. Called when a reader comes on line, when one is done, and now and then. */
  pump(): void {
    const { book, maintenance, readers, clock } = this.#deps;
    const nowMs = clock.monotonicUs() / 1_000;
    const ready = book.pending('rotate_keys').filter(({ operationId, readerId }) => {
      const health = maintenance.health(readerId);
      const code = health?.isOnline === true || isHeldOff(health) ? null : 'reader.offline';
      book.tell(operationId, readerId, { code }, clock.nowMs());
      return code === null && health?.isBusy === false && (this.#attempts.get(readerId)?.notBeforeMs ?? 0) <= nowMs;
    });
    ready.sort((left, right) => (this.#ages.get(left.readerId) ?? 0) - (this.#ages.get(right.readerId) ?? 0));
    for (const { operationId, readerId } of ready) {
      const busId = readers.find(({ id }) => id === readerId)?.busId;
      const head = book.head(operationId);
      if (busId === undefined || head === null || this.#busyLines.has(busId) || book.isRunning(readerId)) continue;
      const isShared = isHeldOff(maintenance.health(readerId));
      if (isShared && this.#isReplacing) continue;
      this.#isReplacing ||= isShared;
      this.#busyLines.add(busId);
      book.tell(operationId, readerId, { state: 'running', stage: 'key_sent', code: null }, clock.nowMs());
      (isShared ? this.#replaceShared(head, readerId) : this.#rotate(head, readerId))
        .catch(async (failure: unknown) => {
          this.#deps.onFailure(failure);
          await this.#settle(head, readerId, 'store.unavailable');
        })
        .finally(() => {
          this.#busyLines.delete(busId);
          if (isShared) this.#isReplacing = false;
          this.pump();
        });
    }
  }

  async #replaceShared(head: OperationHead, readerId: ReaderId): Promise<void> {
    await this.#settle(head, readerId, await this.#deps.pairing.replaceShared(readerId, this.#keyLength(readerId)));
  }

  #keyLength(readerId: ReaderId): number {
    return READER_KEY_LENGTHS[this.#deps.readers.find(({ id }) => id === readerId)?.secureChannel ?? 1];
  }

  async #rotate(head: OperationHead, readerId: ReaderId): Promise<void> {
    const { keeper, maintenance, random, clock } = this.#deps;
    const derived = await this.#derive(readerId);
    if (derived === 'unchanged') return this.#settle(head, readerId, 'reader.key_diversified');
    const fresh = derived?.key ?? random.bytes(this.#keyLength(readerId));
    let staged = null as Uint8Array | null;
    // From before the key is stored: a handshake that proves the old one must not drop it on its way.
    keeper.beginSending(readerId);
    try {
      await this.#change(readerId, (state) => {
        const next = stageRotation(state, fresh, clock.nowMs(), derived?.generation ?? null);
        staged = next?.next ? Uint8Array.from(next.next) : null;
        return next ?? state;
      });
      const code = staged === null ? 'reader.unsupported' : await send(maintenance, readerId, staged);
      // As a rule the line's own word came before; it is the same.
      if (code === null && staged !== null) await keeper.confirmedKey(readerId, staged);
      await this.#settle(head, readerId, code);
    } finally {
      keeper.endSending(readerId);
      staged?.fill(0);
      fresh.fill(0);
    }
  }

  /**
   * The key that follows from the newest master key; null for a reader whose keys are its own. `unchanged`: it has that key, and only another master
   * key of its site gives it another one.
   */
  async #derive(readerId: ReaderId): Promise<DerivedKey | 'unchanged' | null> {
    const { diversified, maintenance, store } = this.#deps;
    if (diversified?.has(readerId) !== true) return null;
    const clientId = maintenance.health(readerId)?.clientId ?? null;
    // It is on line: it has said its cUID.
    if (clientId === null) throw new TypeError('a reader on line without cUID');
    const derived = await diversified.newKey(readerId, clientId);
    if (derived === null) return null;
    const state = await store.read(readerId);
    const isUnchanged = state?.next === null && timingSafeEqual(state.current, derived.key);
    forgetKeyState(state);
    if (!isUnchanged) return derived;
    derived.key.fill(0);
    return 'unchanged';
  }

  /** A key that was refused stays the reader's second key: only a handshake proves which one it has. */
  async #settle(head: OperationHead, readerId: ReaderId, code: string | null): Promise<void> {
    const { book, clock } = this.#deps;
    if (code === null) {
      this.#attempts.delete(readerId);
      this.#ages.set(readerId, clock.nowMs());
      return this.confirmed(readerId);
    }
    const { count } = this.#attempts.get(readerId) ?? NO_ATTEMPTS;
    const isFinal =
      code === 'reader.refused' || code === 'reader.unsupported' || code === 'reader.key_diversified' || count + 1 >= ROTATION_ATTEMPTS_MAX;
    if (isFinal) {
      this.#attempts.delete(readerId);
      return this.#fail(head, readerId, code);
    }
    // One that went off line is tried again when it is back, however often.
    const tried = code === 'reader.offline' ? count : count + 1;
    this.#attempts.set(readerId, { count: tried, notBeforeMs: clock.monotonicUs() / 1_000 + ROTATION_RETRY_MS });
    book.tell(head.id, readerId, { state: 'pending', stage: null, code }, clock.nowMs());
  }

  async #fail(head: OperationHead, readerId: ReaderId, code: string): Promise<void> {
    const { book, clock, log } = this.#deps;
    if (!book.tell(head.id, readerId, { state: 'failed', code }, clock.nowMs())) return;
    await this.#change(readerId, (state) => ({ ...state, rotation: null }));
    await log.ended(head, readerId, code);
  }

  /** False when the reader has no keys. */
  async #change(readerId: ReaderId, change: (state: ReaderKeyState) => ReaderKeyState): Promise<boolean> {
    const state = await this.#deps.store.update(readerId, (before) => (before === null || before.isVoid ? null : change(before)));
    this.#noteAge(readerId, state);
    forgetKeyState(state);
    return state !== null;
  }

  #noteAge(readerId: ReaderId, state: ReaderKeyState | null): void {
    this.#ages.set(readerId, state === null || state.origin === 'imported' ? 0 : (state.setAtMs ?? 0));
  }
}

/** Off line only because its key is another reader's too. */
function isHeldOff(health: ReaderHealth | null): boolean {
  return health !== null && !health.isOnline && health.isKeyShared === true && !health.isInstalling;
}

/** Null: a channel stands under the new key. */
async function send(maintenance: ReaderMaintenance, readerId: ReaderId, key: Uint8Array): Promise<string | null> {
  const result = await maintenance.setKey(readerId, key);
  return result.ok ? null : result.code;
}
