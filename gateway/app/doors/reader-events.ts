import { assertNever } from '../../domain/assert.ts';
import type { AuditRecord } from '../../domain/audit/record.ts';
import type { DoorEvent } from '../../domain/doors/door-machine.ts';
import type { ReaderId } from '../../domain/site/ids.ts';
import type { Door, Reader } from '../../domain/site/site.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { InputState, ReaderEvent } from '../../ports/readers.ts';
import type { CardRead } from './badge-read.ts';

export interface ReaderEventsDeps {
  readonly sites: SiteMap;
  /** For the doors' windows; records keep the time of the event. */
  readonly monotonicMs: () => number;
  readonly record: (record: AuditRecord) => void;
  readonly onDoor: (door: Door, event: DoorEvent) => void;
  readonly onOnline: (readerId: ReaderId) => void;
  readonly onRex: (door: Door) => void;
  readonly onCard: (read: CardRead) => void;
  /** Digits, `*` and `#` at an entry reader. */
  readonly onKeys: (readerId: ReaderId, keys: string) => void;
}

/** What readers say, in the doors' words: which input is the contact, which output the strike. */
export class ReaderEvents {
  readonly #deps: ReaderEventsDeps;
  readonly #online = new Set<ReaderId>();
  readonly #tampered = new Set<ReaderId>();
  readonly #rexActive = new Set<ReaderId>();

  constructor(deps: ReaderEventsDeps) {
    this.#deps = deps;
  }

  /** Takes one event; a reader that the configuration does not have is ignored. */
  handle(event: ReaderEvent): void {
    const reader = this.#deps.sites.reader(event.readerId);
    const door = reader === undefined ? undefined : this.#deps.sites.door(reader.doorId);
    if (reader === undefined || door === undefined) return;
    const nowMs = event.occurredAtMs;
    switch (event.kind) {
      case 'online':
      case 'offline':
        return this.#onLink(door, reader, event);
      case 'card_read':
        return this.#deps.onCard({ door, reader, bits: event.bits, bitCount: event.bitCount, readAtMs: nowMs });
      case 'inputs':
        return this.#onInputs(door, reader, event);
      case 'outputs':
        if (reader.strikeOutput === null) return;
        return this.#deps.onDoor(door, {
          kind: 'output',
          nowMs: this.#deps.monotonicMs(),
          active: event.active[reader.strikeOutput] === true,
        });
      case 'keypad':
        // The way out asks for nothing.
        return reader.side === 'entry' ? this.#deps.onKeys(reader.id, event.keys) : undefined;
      case 'local_status':
        return this.#onTamper(door, reader, event);
      case 'alarm':
        return this.#deps.record({
          type: 'alarm',
          occurredAtMs: nowMs,
          code: event.code,
          sourceType: 'reader',
          sourceId: reader.id,
          active: event.dropped?.isOver !== true,
          ...(event.dropped === undefined ? {} : { dropped: event.dropped.count }),
        });
      default:
        return assertNever(event);
    }
  }

  #onLink(door: Door, reader: Reader, event: Extract<ReaderEvent, { kind: 'online' | 'offline' }>): void {
    const isOnline = event.kind === 'online';
    if (isOnline) this.#online.add(reader.id);
    else this.#online.delete(reader.id);
    this.#deps.record({
      type: 'reader_state',
      occurredAtMs: event.occurredAtMs,
      readerId: reader.id,
      online: isOnline,
      cause: isOnline ? 'secure_channel' : event.cause,
      identity: isOnline ? event.identity : null,
    });
    if (isOnline) this.#deps.onOnline(reader.id);
    this.#deps.onDoor(door, { kind: 'online', nowMs: this.#deps.monotonicMs(), online: this.#isDoorOnline(door) });
  }

  /** A door is known only while every reader that watches or drives it answers. */
  #isDoorOnline(door: Door): boolean {
    return this.#deps.sites
      .readersOf(door.id)
      .filter(({ strikeOutput, contactInput }) => strikeOutput !== null || contactInput !== null)
      .every(({ id }) => this.#online.has(id));
  }

  #onInputs(door: Door, reader: Reader, event: Extract<ReaderEvent, { kind: 'inputs' }>): void {
    // REX first: the opening that follows it in the same report is then no forced door.
    if (reader.rexInput !== null) this.#onRex(door, reader, event.inputs[reader.rexInput] === 'active');
    if (reader.contactInput === null) return;
    this.#deps.onDoor(door, { kind: 'contact', nowMs: this.#deps.monotonicMs(), contact: toContact(event.inputs[reader.contactInput]) });
  }

  #onRex(door: Door, reader: Reader, active: boolean): void {
    if (active && !this.#rexActive.has(reader.id)) this.#deps.onRex(door);
    if (active) this.#rexActive.add(reader.id);
    else this.#rexActive.delete(reader.id);
  }

  #onTamper(door: Door, reader: Reader, event: Extract<ReaderEvent, { kind: 'local_status' }>): void {
    if (event.tampered) this.#tampered.add(reader.id);
    else this.#tampered.delete(reader.id);
    const tampered = this.#deps.sites.readersOf(door.id).some(({ id }) => this.#tampered.has(id));
    this.#deps.onDoor(door, { kind: 'tamper', nowMs: this.#deps.monotonicMs(), tampered });
  }
}

/** A supervised line that is cut or shorted says nothing about the door. */
function toContact(input: InputState | undefined): 'open' | 'closed' | 'unknown' {
  if (input === 'active') return 'open';
  return input === 'inactive' ? 'closed' : 'unknown';
}
