import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  candidateKeys,
  confirmKey,
  FORMER_KEYS_MAX,
  importedKey,
  keysOfTurn,
  stageInstallation,
  stageRotation,
  toKeysBefore,
  withdrawInstallation,
  type KeysBefore,
  type ReaderKeyState,
} from '#gateway/domain/readers/reader-keys.ts';

const DEFAULT_KEY = Uint8Array.of(0x30);

/** One reader, what is durable, and what only the running process knows. Keys are of one byte: nobody looks into them. */
class Model {
  stored: ReaderKeyState | null;
  reader: Uint8Array;
  #keys = 1;
  #channel: Uint8Array | null = null;
  #sending: Uint8Array | null = null;
  #window: { readonly before: KeysBefore | null; readonly firstKey: Uint8Array; readonly finalKey: Uint8Array; isSent: boolean } | null =
    null;
  readonly #nowMs = 5;

  constructor(hasKey: boolean) {
    const key = this.fresh();
    this.stored = hasKey ? importedKey(key) : null;
    this.reader = hasKey ? key : DEFAULT_KEY;
  }

  fresh(): Uint8Array {
    this.#keys += 1;
    return Uint8Array.of(0xff & this.#keys, this.#keys >> 8);
  }

  run(op: string, turn: number, isLost: boolean): void {
    if (op === 'crash') this.crash();
    else if (op === 'power cut') this.#channel = null;
    else if (op === 'handshake') this.handshake(turn, isLost);
    else if (op === 'rotate') this.rotate();
    else if (op === 'keyset arrives') this.keySetArrives();
    else if (op === 'rotation ends') this.#sending = null;
    else if (op === 'open window') this.openWindow();
    else if (op === 'window step') this.windowStep(isLost);
    else if (op === 'close window') this.closeWindow();
    else if (op === 'factory reset') [this.reader, this.#channel] = [DEFAULT_KEY, null];
  }

  crash(): void {
    this.#channel = null;
    this.#sending = null;
    this.#window = null;
  }

  /** `isLost`: the process ended before the store knew. */
  handshake(turn: number, isLost: boolean): void {
    if (this.stored === null || this.stored.isVoid || this.#window !== null) return;
    const { current, next, index } = keysOfTurn(this.stored, turn);
    const which = this.reader === next ? 'next' : this.reader === current ? 'current' : null;
    if (which === null) return;
    this.#channel = this.reader;
    if (next === null || (which === 'current' && this.#sending !== null)) return;
    if (isLost) return this.crash();
    this.stored = confirmKey(this.stored, which, index, this.#nowMs);
  }

  rotate(): void {
    if (this.stored === null || this.#channel === null || this.#sending !== null) return;
    const staged = stageRotation(this.stored, this.fresh(), this.#nowMs);
    if (staged?.next === undefined || staged.next === null) return;
    this.stored = staged;
    this.#sending = staged.next;
  }

  /** Whether its answer comes back makes no difference: only a handshake counts. */
  keySetArrives(): void {
    if (this.#sending !== null && this.#channel !== null) this.reader = this.#sending;
  }

  openWindow(): void {
    if (this.#window !== null || this.#sending !== null || this.#channel !== null) return;
    const keys = { firstKey: this.fresh(), finalKey: this.fresh() };
    const staged = stageInstallation(this.stored, keys, this.#nowMs);
    if (staged === null) return;
    this.#window = { ...keys, before: toKeysBefore(this.stored), isSent: false };
    this.stored = staged;
  }

  windowStep(isLost: boolean): void {
    const window = this.#window;
    if (window === null) return;
    if (this.reader === DEFAULT_KEY) {
      window.isSent = true;
      if (!isLost) this.reader = window.firstKey;
    } else if (this.reader === window.firstKey && !isLost) this.reader = window.finalKey;
  }

  closeWindow(): void {
    if (this.#window === null || this.stored === null) return;
    const { before, isSent } = this.#window;
    this.stored = isSent ? { ...this.stored, hasWindow: false } : withdrawInstallation(this.stored, before);
    this.#window = null;
  }

  get isReachable(): boolean {
    if (this.reader === DEFAULT_KEY) return true;
    return this.stored !== null && !this.stored.isVoid && candidateKeys(this.stored).includes(this.reader);
  }
}

const OPS = [
  'crash',
  'power cut',
  'handshake',
  'handshake',
  'rotate',
  'keyset arrives',
  'rotation ends',
  'open window',
  'window step',
  'close window',
  'factory reset',
];

describe('the keys of a reader', () => {
  it('always hold the one that it has, whatever order crashes, lost answers and power cuts come in', () => {
    const step = fc.tuple(fc.constantFrom(...OPS), fc.nat(10), fc.boolean());
    fc.assert(
      fc.property(fc.boolean(), fc.array(step, { maxLength: 60 }), (hasKey, steps) => {
        const model = new Model(hasKey);
        for (const [op, turn, isLost] of steps) {
          model.run(op, turn, isLost);
          expect(model.isReachable).toBe(true);
        }
        // Whatever was left behind, as many turns as there are keys find the reader.
        if (model.reader === DEFAULT_KEY || model.stored === null) return;
        model.crash();
        for (let turn = 0; turn <= FORMER_KEYS_MAX; turn += 1) model.handshake(turn, false);
        expect(model.stored.current).toBe(model.reader);
        expect(model.stored.next).toBeNull();
      }),
      { numRuns: 10_000 },
    );
  });

  it('keep what was staged when a rotation begins again: it may have been sent', () => {
    const once = stageRotation(importedKey(Uint8Array.of(1)), Uint8Array.of(2), 10);
    const again = once === null ? null : stageRotation(once, Uint8Array.of(3), 20);
    expect(again).toMatchObject({ next: Uint8Array.of(2), nextSetAtMs: 10 });
  });

  it('forget the wish for a new key when the new key works, and not before', () => {
    const rotation = { operationId: 'op_1', operatorId: 'local', decisionId: 'dec_1', sinceMs: 1 };
    const staged = stageRotation({ ...importedKey(Uint8Array.of(1)), rotation }, Uint8Array.of(2), 10);
    if (staged === null) throw new TypeError('staged');
    expect(confirmKey(staged, 'current', 0, 20)).toMatchObject({ current: Uint8Array.of(1), next: null, rotation, confirmedAtMs: 20 });
    expect(confirmKey(staged, 'next', 0, 20)).toMatchObject({ current: Uint8Array.of(2), origin: 'rotated', setAtMs: 10, rotation: null });
  });

  it(`keep ${FORMER_KEYS_MAX} keys of unsettled windows, and open no window that would leave one behind`, () => {
    let state: ReaderKeyState | null = importedKey(Uint8Array.of(0));
    for (let seed = 1; ; seed += 2) {
      const next = stageInstallation(state, { firstKey: Uint8Array.of(seed), finalKey: Uint8Array.of(seed + 1) }, 0);
      if (next === null) break;
      state = next;
    }
    expect(state.former).toHaveLength(FORMER_KEYS_MAX);
    expect(candidateKeys(state)).toContainEqual(Uint8Array.of(0));
  });

  it('are as before when nothing was sent in a window', () => {
    const before = { ...importedKey(Uint8Array.of(1)), next: Uint8Array.of(2), nextSetAtMs: 3 };
    const staged = stageInstallation(before, { firstKey: Uint8Array.of(8), finalKey: Uint8Array.of(9) }, 10);
    if (staged === null) throw new TypeError('staged');
    expect(withdrawInstallation(staged, toKeysBefore(before))).toEqual(before);
    const first = stageInstallation(null, { firstKey: Uint8Array.of(8), finalKey: Uint8Array.of(9) }, 10);
    if (first === null) throw new TypeError('staged');
    expect(withdrawInstallation(first, null)).toMatchObject({ isVoid: true, hasWindow: false });
  });
});
