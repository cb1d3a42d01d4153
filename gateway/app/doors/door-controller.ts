import type { AuditRecord } from '../../domain/audit/record.ts';
import type { DecisionId, DoorId, PersonId, ReaderId } from '../../domain/site/ids.ts';
import type { Door } from '../../domain/site/site.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CommandResult, Readers } from '../../ports/readers.ts';
import type { BadgeDecision, BadgeHolder, CardRead, PinEntry } from './badge-read.ts';
import { createCardQueue, type CardQueue } from './card-queue.ts';
import { Companions, type Waiting } from './companions.ts';
import { monotonicMs } from './door-effects.ts';
import { DoorRuntime } from './door-runtime.ts';
import { EntryRecords } from './entry-records.ts';
import { FaceLooks, type DoorFaces } from './face-looks.ts';
import { GuessGuard } from './guess-guard.ts';
import { PinPrompts, type PinPrompt } from './pin-prompts.ts';
import { ReaderEvents } from './reader-events.ts';
import { ReaderSigns } from './reader-signs.ts';
import type { ReaderTamper } from './reader-tamper.ts';

export interface DoorControllerDeps {
  readonly sites: SiteMap;
  readonly readers: Readers;
  readonly badgeRead: (read: CardRead) => Promise<BadgeDecision>;
  readonly pinRead: (entry: PinEntry) => Promise<BadgeDecision>;
  readonly findHolder: (read: Pick<CardRead, 'bits' | 'bitCount'>) => Promise<BadgeHolder>;
  /** Told of every event before a card in it is decided. */
  readonly tamper: Pick<ReaderTamper, 'onEvent'>;
  /** The same as the badge reading asks. */
  readonly companions?: Companions;
  /** Absent where no reader has a terminal: a permit that wants a face is then withheld. */
  readonly faces?: DoorFaces;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** Told when the log refuses a door's event: the door has moved already, so it is an alarm and not a deny. */
  readonly onUnrecorded: (record: AuditRecord) => void;
}

/** How often `tick` is due, ms. */
export const DOOR_TICK_MS = 100;

/** Drives the doors of one node: reader events in, decisions for those who enter, releases for those who leave. */
export class DoorController {
  readonly #deps: DoorControllerDeps;
  readonly #runtime: DoorRuntime;
  readonly #queue: CardQueue = createCardQueue();
  readonly #guesses: GuessGuard;
  readonly #prompts: PinPrompts;
  readonly #signs: ReaderSigns;
  readonly #companions: Companions;
  readonly #entries: EntryRecords;
  readonly #looks: FaceLooks;
  #unsubscribe: () => void = () => undefined;

  constructor(deps: DoorControllerDeps) {
    this.#deps = deps;
    const nowMs = (): number => monotonicMs(deps.clock);
    this.#companions = deps.companions ?? new Companions(nowMs);
    this.#entries = new EntryRecords((record) => this.#record(record), deps.clock);
    this.#signs = new ReaderSigns({ ...deps, monotonicMs: nowMs });
    this.#prompts = new PinPrompts({
      monotonicMs: nowMs,
      onEnded: (prompt, digits) => this.#onPin(prompt, digits),
      onAbandoned: (prompt) => this.#onAbandoned(prompt),
    });
    this.#looks = new FaceLooks({
      faces: deps.faces,
      readers: deps.readers,
      queue: this.#queue,
      signs: this.#signs,
      entries: this.#entries,
      prompts: this.#prompts,
      carryOut: (read, decided) => this.#carryOut(read, decided),
      onDropped: (read) => this.#raiseDropped(read.reader.id),
    });
    this.#runtime = new DoorRuntime({
      ...deps,
      record: (record) => this.#record(record),
      onStatus: (status) => this.#signs.doorChanged(status),
    });
    this.#guesses = new GuessGuard({
      monotonicMs: nowMs,
      onAlarm: (readerId, alarm) => this.#raise(readerId, alarm),
    });
  }

  start(): void {
    const events = new ReaderEvents({
      sites: this.#deps.sites,
      monotonicMs: () => monotonicMs(this.#deps.clock),
      record: (record) => this.#record(record),
      onDoor: (door, event) => void this.#runtime.apply(door, event),
      onOnline: (readerId) => this.#signs.readerOnline(readerId),
      onRex: (door) => this.#leave(door, 'rex', null),
      onCard: (read) => this.#onCard(read),
      onKeys: (readerId, keys) => this.#prompts.press(readerId, keys),
    });
    this.#runtime.recordAll(this.#deps.sites.installation.doors);
    this.#unsubscribe = this.#deps.readers.subscribe((event) => {
      this.#deps.tamper.onEvent(event);
      events.handle(event);
    });
  }

  stop(): void {
    this.#unsubscribe();
  }

  /** Advances every door's timers. */
  tick(): void {
    this.#guesses.tick();
    this.#prompts.tick();
    this.#looks.tick();
    this.#companions.ended().forEach((waiting) => this.#onAlone(waiting));
    this.#signs.tick();
    const nowMs = monotonicMs(this.#deps.clock);
    for (const door of this.#deps.sites.installation.doors) void this.#runtime.apply(door, { kind: 'tick', nowMs });
  }

  /** Releases a door once, on a permit that was decided and recorded before. */
  async release(doorId: DoorId, decisionId: DecisionId): Promise<CommandResult | { readonly ok: false; readonly code: 'door.unknown' }> {
    const door = this.#deps.sites.door(doorId);
    return door === undefined ? { ok: false, code: 'door.unknown' } : this.#unlock(door, { decisionId, personId: null, extended: false });
  }

  /** Resolves when every read that had begun is decided and carried out. */
  settled(): Promise<void> {
    return this.#queue.settled();
  }

  #onCard(read: CardRead): void {
    if (read.reader.side === 'exit') this.#leave(read.door, 'exit_reader', read);
    else if (this.#guesses.isBlocked(read.reader.id)) return;
    else {
      this.#prompts.abandon(read.reader.id);
      this.#looks.abandon(read);
      if (!this.#queue.add(read.reader.id, () => this.#enter(read))) this.#raiseDropped(read.reader.id);
    }
  }

  async #enter(read: CardRead): Promise<void> {
    const decided = await this.#signs.during(read.reader.id, () => this.#deps.badgeRead(read));
    const { decision } = decided;
    const pin = decision.effect === 'permit' ? decision.obligations.find(({ id }) => id === 'pin') : undefined;
    if (pin?.id !== 'pin') return this.#carryOut(read, decided);
    // Opened first: whoever knows the door begins to type before the light changes.
    this.#prompts.open({ read, decisionId: decision.id }, pin.within_s * 1_000);
    await this.#deps.readers.indicate(read.reader.id, 'pin_wanted');
  }

  #onPin(prompt: PinPrompt, digits: Uint8Array | null): void {
    const { read, decisionId, isInstead } = prompt;
    if (isInstead && digits === null) return this.#looks.pinEnded(read);
    if (isInstead) this.#looks.chosePin(read);
    const endedAtMs = this.#deps.clock.nowMs();
    const isTaken = this.#queue.add(read.reader.id, async () => {
      const entry = { read, askedBy: decisionId, endedAtMs, digits };
      await this.#carryOut(read, await this.#signs.during(read.reader.id, () => this.#deps.pinRead(entry)));
    });
    if (isTaken) return;
    digits?.fill(0);
    this.#onAbandoned(prompt);
    this.#raiseDropped(read.reader.id);
  }

  /** Under duress everything is done as for a grant, in the same order; only the log knows. */
  async #carryOut(read: CardRead, decided: BadgeDecision): Promise<void> {
    const { decision, person, duress } = decided;
    this.#guesses.decided(read.reader.id, decision);
    const personId = person?.id ?? null;
    if (duress) this.#entries.duress(read.door, { decisionId: decision.id, personId });
    if (decision.effect === 'deny') {
      await this.#deps.readers.indicate(read.reader.id, 'denied');
      return;
    }
    if (decision.obligations.some(({ id }) => id === 'face')) return this.#looks.begin(read, decided);
    const second = decision.obligations.find(({ id }) => id === 'second_person');
    if (second?.id === 'second_person') return this.#waitForSecond(read, { decisionId: decision.id, personId }, second.within_s * 1_000);
    const first = this.#companions.take(read.door.id);
    if (first !== null) this.#entries.unlocked(first.read.door, first, `second_person ${decision.id}`);
    const extended = decision.obligations.some(({ id }) => id === 'extended_open_time');
    const result = await this.#unlock(read.door, { decisionId: decision.id, personId, extended });
    await this.#deps.readers.indicate(read.reader.id, result.ok ? 'granted' : 'denied');
  }

  /** The lock stays shut; the reader shows that something is to come. */
  async #waitForSecond(read: CardRead, { decisionId, personId }: Omit<Granted, 'extended'>, withinMs: number): Promise<void> {
    // A permit without a person cannot be: nobody could be told from a second one.
    if (personId === null) return void (await this.#deps.readers.indicate(read.reader.id, 'denied'));
    const before = this.#companions.wait({ read, decisionId, personId }, withinMs);
    if (before !== null) this.#entries.withheld(before.read.door, before, 'second_person.abandoned');
    await this.#deps.readers.indicate(read.reader.id, 'wait');
  }

  #onAlone(waiting: Waiting): void {
    this.#entries.withheld(waiting.read.door, waiting, 'second_person.missing');
    void this.#deps.readers.indicate(waiting.read.reader.id, 'denied');
  }

  #unlock(door: Door, permit: Granted): Promise<CommandResult> {
    return this.#runtime.release(door, { kind: 'granted', nowMs: monotonicMs(this.#deps.clock), ...permit });
  }

  /** Asks nobody: the lock is released before anything is looked up, and whatever the look-up finds. */
  #leave(door: Door, cause: 'rex' | 'exit_reader', read: CardRead | null): void {
    const { clock, readers } = this.#deps;
    const occurredAtMs = clock.nowMs();
    const record = (personId: string | null): void =>
      this.#record({ type: 'egress', occurredAtMs, doorId: door.id, cause, readerId: read?.reader.id ?? null, personId });
    void this.#runtime.release(door, { kind: 'egress', nowMs: monotonicMs(clock), personId: null });
    if (read === null) {
      record(null);
      return;
    }
    void readers.indicate(read.reader.id, 'granted');
    this.#deps.findHolder(read).then(
      ({ person }) => {
        record(person?.id ?? null);
        if (person !== null) void this.#runtime.apply(door, { kind: 'egress_identified', nowMs: monotonicMs(clock), personId: person.id });
      },
      () => record(null), // The store is down: the way out stays free, only who left is not known.
    );
  }

  /** The log says of every permit that waited for a PIN what became of it. */
  #onAbandoned({ read, decisionId, isInstead }: PinPrompt): void {
    // The look beside it says what became of the permit.
    if (isInstead) return;
    this.#entries.withheld(read.door, { decisionId, personId: null }, 'pin.abandoned');
  }

  #raiseDropped(readerId: ReaderId): void {
    this.#raise(readerId, { code: 'reader.reads_dropped', active: true });
  }

  #raise(readerId: ReaderId, { code, active }: { readonly code: string; readonly active: boolean }): void {
    this.#record({ type: 'alarm', occurredAtMs: this.#deps.clock.nowMs(), code, sourceType: 'reader', sourceId: readerId, active });
  }

  #record(record: AuditRecord): void {
    this.#deps.audit.append(record).catch(() => this.#deps.onUnrecorded(record));
  }
}

interface Granted {
  readonly decisionId: DecisionId;
  readonly personId: PersonId | null;
  readonly extended: boolean;
}
