import type { ReaderId } from '#gateway/domain/site/ids.ts';
import { type BusReader, type Slot, claimsAddress, createSlot, moveSlot } from './reader-slot.ts';

/** Who is on the line, and where. */
export class LineReaders {
  readonly slots: Slot[] = [];
  readonly #byAddress = new Map<number, Slot>();
  readonly #byId = new Map<ReaderId, Slot>();

  /** @throws TypeError when its address or its id is taken. */
  enter(reader: BusReader, line: { readonly pollIntervalMs: number; readonly byteTimeMs: number }): Slot {
    if (this.#byId.has(reader.readerId)) throw new TypeError(`reader ${reader.readerId} is already on this bus`);
    if (this.isTaken(reader.address)) throw new TypeError(`address ${reader.address} is taken`);
    const slot = createSlot(reader, line);
    this.slots.push(slot);
    this.#byId.set(slot.readerId, slot);
    this.#byAddress.set(slot.address, slot);
    return slot;
  }

  leave(slot: Slot): void {
    this.#byId.delete(slot.readerId);
    if (this.#byAddress.get(slot.address) === slot) this.#byAddress.delete(slot.address);
    this.slots.splice(this.slots.indexOf(slot), 1);
  }

  byId(readerId: ReaderId): Slot | undefined {
    return this.#byId.get(readerId);
  }

  at(address: number): Slot | undefined {
    return this.#byAddress.get(address);
  }

  has(slot: Slot): boolean {
    return this.#byId.get(slot.readerId) === slot;
  }

  /** Somebody has the address, or may soon have it. */
  isTaken(address: number): boolean {
    return this.slots.some((slot) => claimsAddress(slot, address));
  }

  /** A reader that has chosen the address of another is not heard there: the other one was first. */
  move(slot: Slot, place: { readonly address: number; readonly baud: number | null }, lineByteTimeMs: number): void {
    if (this.#byAddress.get(slot.address) === slot) this.#byAddress.delete(slot.address);
    moveSlot(slot, place, lineByteTimeMs);
    if (!this.#byAddress.has(slot.address)) this.#byAddress.set(slot.address, slot);
  }
}
