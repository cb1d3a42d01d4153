import { type KeysBefore, stageInstallation, toKeysBefore, withdrawInstallation } from '../../domain/readers/reader-keys.ts';
import type { ReaderId } from '../../domain/site/ids.ts';
import { READER_KEY_LENGTHS } from '../../domain/site/site.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { ReaderMaintenance } from '../../ports/reader-maintenance.ts';
import { PAIRING_WINDOW_MS, PAIRINGS_MAX } from '../../ports/reader-operations.ts';
import type { OperationHead } from './operation-book.ts';
import type { OperationLog } from './record-operation.ts';
import type { ReaderKeyKeeper } from './reader-key-keeper.ts';
import { forgetKeyState, type ReaderKeyStore } from './reader-key-store.ts';

/** A reader that is there takes two keys in a second; one that does not is tried again by its rotation. */
export const REPLACE_WINDOW_MS = 60_000;

export interface PairReaderDeps {
  readonly maintenance: ReaderMaintenance;
  readonly store: ReaderKeyStore;
  readonly keeper: ReaderKeyKeeper;
  readonly log: OperationLog;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * One install window: one reader, one use, an alarm while it is open. The two keys are stored before the window opens and are nobody else's; the first
 * protects only the second. Whatever happens in between, the reader has a key that is stored.
 */
export class ReaderPairing {
  readonly #deps: PairReaderDeps;
  readonly #openedMs: number[] = [];
  readonly #sentTo = new Set<ReaderId>();
  readonly #cancelled = new Set<string>();

  constructor(deps: PairReaderDeps) {
    this.#deps = deps;
  }

  /** Windows that may still be opened within the hour are counted; false when there were too many. */
  count(): boolean {
    const nowMs = this.#deps.clock.monotonicUs() / 1_000;
    while ((this.#openedMs[0] ?? nowMs) <= nowMs - PAIRING_WINDOW_MS) this.#openedMs.shift();
    if (this.#openedMs.length >= PAIRINGS_MAX) return false;
    this.#openedMs.push(nowMs);
    return true;
  }

  /** Closes the window, or keeps it from being opened. */
  cancel(operationId: string, readerId: ReaderId): void {
    this.#cancelled.add(operationId);
    this.#deps.maintenance.closeInstallWindow(readerId);
  }

  /** A key is about to leave: from here on the keys of this window are kept. */
  keySent(readerId: ReaderId): void {
    this.#sentTo.add(readerId);
  }

  /** Resolves when the window is closed: null when the reader is on line with its own key, else why not. */
  async run(head: OperationHead, readerId: ReaderId, durationMs: number): Promise<string | null> {
    const { clock, keeper, log, maintenance, random, store } = this.#deps;
    const firstKey = random.bytes(READER_KEY_LENGTHS[1]);
    const finalKey = random.bytes(READER_KEY_LENGTHS[1]);
    this.#sentTo.delete(readerId);
    try {
      let before: KeysBefore | null = null;
      const staged = await store.update(readerId, (state) => {
        before = toKeysBefore(state);
        return stageInstallation(state, { firstKey: Uint8Array.from(firstKey), finalKey: Uint8Array.from(finalKey) }, clock.nowMs());
      });
      forgetKeyState(staged);
      if (staged === null) return 'reader.keys_unsettled';
      await log.window(readerId, head.decisionId, true);
      const result = this.#cancelled.has(head.id)
        ? ({ ok: false, code: 'reader.aborted' } as const)
        : await maintenance.openInstallWindow(readerId, { firstKey, finalKey, durationMs });
      if (result.ok) await keeper.confirmedKey(readerId, finalKey);
      await this.#close(readerId, before);
      await log.window(readerId, head.decisionId, false);
      return result.ok ? null : result.code;
    } finally {
      firstKey.fill(0);
      finalKey.fill(0);
      this.#sentTo.delete(readerId);
      this.#cancelled.delete(head.id);
    }
  }

  /**
   * For a reader whose key another one has too, so that it is held off line: its own key is set under the one that it has, and nothing else is said or believed
   * in that channel. It may be anybody who has the key, which is as with every rotation; a key that everybody knows is not involved. Null when it is on line
   * with its own key.
   */
  async replaceShared(readerId: ReaderId, lengthBytes: number): Promise<string | null> {
    const { clock, keeper, maintenance, random, store } = this.#deps;
    const firstKey = random.bytes(lengthBytes);
    const finalKey = random.bytes(lengthBytes);
    let underKey = null as Uint8Array | null;
    let before: KeysBefore | null = null;
    this.#sentTo.delete(readerId);
    try {
      const staged = await store.update(readerId, (state) => {
        if (state === null || state.isVoid) return null;
        before = toKeysBefore(state);
        // The oldest is the one from before the first attempt; the others would have brought the reader on line.
        underKey = Uint8Array.from(state.former.at(-1) ?? state.current);
        const keys = { firstKey: Uint8Array.from(firstKey), finalKey: Uint8Array.from(finalKey) };
        const next = stageInstallation(state, keys, clock.nowMs());
        return next === null ? null : { ...next, hasWindow: false };
      });
      forgetKeyState(staged);
      if (staged === null || underKey === null) return 'reader.keys_unsettled';
      const window = { underKey, firstKey, finalKey, durationMs: REPLACE_WINDOW_MS };
      const result = await maintenance.openInstallWindow(readerId, window);
      if (result.ok) await keeper.confirmedKey(readerId, finalKey);
      await this.#close(readerId, before);
      return result.ok ? null : result.code;
    } finally {
      for (const key of [firstKey, finalKey, underKey]) key?.fill(0);
      this.#sentTo.delete(readerId);
    }
  }

  /** A window that an earlier process left open is closed by that process's end. Its keys stay: they may have been sent. */
  async resume(readerIds: readonly ReaderId[]): Promise<void> {
    for (const readerId of readerIds) {
      const state = await this.#deps.store.read(readerId).catch(() => null);
      const wasOpen = state?.hasWindow === true;
      forgetKeyState(state);
      if (!wasOpen) continue;
      forgetKeyState(await this.#deps.store.update(readerId, (found) => (found === null ? null : { ...found, hasWindow: false })));
      await this.#deps.log.window(readerId, null, false);
    }
  }

  async #close(readerId: ReaderId, before: KeysBefore | null): Promise<void> {
    const isUnsent = !this.#sentTo.has(readerId);
    const state = await this.#deps.store.update(readerId, (found) => {
      if (found === null) return null;
      return isUnsent ? withdrawInstallation(found, before) : { ...found, hasWindow: false };
    });
    forgetKeyState(state);
  }
}
