import { randomBytes } from 'node:crypto';
import { markBadge } from '#gateway/domain/face/badge-mark.ts';
import {
  findLeasedPerson,
  isLeasedProof,
  LEASED_ENTRY_TYPE,
  type LeasedEntry,
  type LeasedPerson,
  type LeasedRefusal,
  type LeaseHolder,
} from '#gateway/domain/face/lease.ts';
import { addLook, lookFault, type Looks } from '#gateway/domain/face/mismatches.ts';
import type { VerificationOutcome } from '../../capture/verification.ts';
import type { GatewayLink } from '../gateway-link.ts';
import type { Look, Terminal } from '../terminal.ts';
import type { EntryJournal } from './entry-journal.ts';
import type { HeldLease, LeaseKeeper } from './lease-keeper.ts';

/** How long a look may take while nobody waits for it but the person, ms. */
const LOOK_MS = 10_000;
const NONCE_BYTES = 16;

export type AloneEvent =
  | 'terminal.lease_taken'
  | 'terminal.lease_refused'
  | 'terminal.leased_entry'
  | 'terminal.leased_refusal'
  | 'terminal.entries_told'
  | 'terminal.entries_refused'
  | 'terminal.journal_failed';

export interface AloneDeps {
  readonly holder: LeaseHolder;
  readonly terminal: Pick<Terminal, 'isBusy'> & { recognise(look: Look): Promise<Seen | null> };
  readonly keeper: LeaseKeeper;
  readonly journal: EntryJournal;
  readonly link: Pick<GatewayLink, 'lease' | 'tell'>;
  readonly sign: (payload: unknown, typ: string) => Promise<string>;
  /** True: the lock was released. */
  readonly release: (releaseMs: number) => Promise<boolean>;
  readonly nowMs: () => number;
  readonly onEvent: (event: AloneEvent) => void;
}

type Seen = Pick<VerificationOutcome, 'result' | 'band' | 'liveness'>;
type Said = Pick<LeasedEntry, 'outcome' | 'reason' | 'band' | 'liveness'>;
const refused = (
  reason: string,
  { band, liveness }: Pick<LeasedEntry, 'band' | 'liveness'> = { band: 'below', liveness: 'none' },
): Said => ({
  outcome: 'refused',
  reason,
  band,
  liveness,
});

/**
 * What a terminal does while it cannot reach the gateway: whoever is in its lease comes in by badge and face, at this door, and nobody else.
 * Each badge is an entry on the disk before the lock moves; the gateway is told of all, in order, when it is there again.
 */
export class Alone {
  readonly #deps: AloneDeps;
  #isAlone = false;
  #isLooking = false;
  #epoch = 0;
  /** Of each person, what went wrong since the gateway was there. */
  readonly #looks = new Map<string, Looks | 'too_many'>();

  constructor(deps: AloneDeps) {
    this.#deps = deps;
  }

  /** The gateway did not answer. */
  begin(): void {
    this.#isAlone = true;
  }

  /** The gateway said that it does not know this terminal: nothing that was lent counts any more. */
  async disown(): Promise<void> {
    this.#isAlone = false;
    await this.#deps.keeper.drop();
  }

  /** Whether the gateway is there again, by a call that it answers at once. @throws GatewayCallError it is not */
  async retry(): Promise<void> {
    if (!this.#isAlone) return;
    this.#deps.keeper.makeDue();
    await this.end(this.#epoch);
  }

  /** The gateway answered, and said its epoch. Asks for what the next time needs, and tells what happened. @throws GatewayCallError */
  async end(epoch: number): Promise<void> {
    const { keeper, link, onEvent } = this.#deps;
    this.#epoch = epoch;
    if (keeper.isDue(epoch)) {
      const { lease, publicKey } = await link.lease(keeper.kept());
      const fault = await keeper.take({ epoch, jws: lease, publicKey });
      if (fault !== null || lease !== null) onEvent(fault === null ? 'terminal.lease_taken' : 'terminal.lease_refused');
    }
    this.#isAlone = false;
    this.#looks.clear();
    await this.#tell();
  }

  /** Who is enrolled here has changed: the lease says otherwise. */
  enrolmentChanged(): void {
    this.#deps.keeper.makeDue();
  }

  async tick(): Promise<void> {
    if (this.#isAlone) await this.#deps.keeper.note();
  }

  /** A badge at this terminal's own reader. While the gateway is there it asks by itself. */
  async onBadge(badgeKey: string): Promise<void> {
    const { onEvent, terminal } = this.#deps;
    if (!this.#isAlone || this.#isLooking || terminal.isBusy()) return;
    this.#isLooking = true;
    try {
      await this.#enter(badgeKey);
    } catch {
      onEvent('terminal.journal_failed'); // A full or broken disk, a key that does not sign: nobody is let in.
    } finally {
      this.#isLooking = false;
    }
  }

  async #enter(badgeKey: string): Promise<void> {
    const { keeper, onEvent, release } = this.#deps;
    const held = keeper.current();
    const badge = held.ok ? markBadge(badgeKey, held.lease.salt) : null;
    const person = held.ok && badge !== null ? findLeasedPerson(held.lease, badge) : null;
    const said = held.ok ? await this.#judge(held, person) : refused(held.code);
    // The look took its time: what ended meanwhile ends it.
    const still = said.outcome === 'released' ? this.#stillHeld(held, person) : null;
    const entry = still === null ? said : refused(still, said);
    await this.#record(held, { ...entry, badge: person === null ? null : badge, person: person?.person ?? null });
    if (entry.outcome === 'refused' || person === null) return onEvent('terminal.leased_refusal');
    if (await release(person.release_ms)) return onEvent('terminal.leased_entry');
    await this.#record(held, { ...refused('lease.not_released', entry), badge, person: person.person });
    onEvent('terminal.leased_refusal');
  }

  async #judge(held: HeldLease & { readonly ok: true }, person: LeasedPerson | null): Promise<Said> {
    if (person === null) return refused('lease.not_listed');
    if (held.nowMs >= person.until_ms) return refused('lease.person_ended');
    const looks = this.#looks.get(person.person) ?? [];
    if (looks === 'too_many') return refused('lease.too_many_looks');
    const { terminal } = this.#deps;
    const nonce = randomBytes(NONCE_BYTES).toString('hex');
    const seen = await terminal.recognise({ personId: person.person, templateId: person.template, nonce, withinMs: LOOK_MS });
    if (seen === null) return refused('lease.other_template');
    this.#count(person.person, looks, seen);
    if (seen.result !== 'verified') return refused(seen.result, seen);
    return isLeasedProof(seen)
      ? { outcome: 'released', reason: 'verified', band: seen.band, liveness: seen.liveness }
      : refused('lease.weak_proof', seen);
  }

  /** As the gateway counts: three looks that showed somebody else are enough until it is there again. */
  #count(personId: string, looks: Looks, { result }: Seen): void {
    const fault = lookFault(result);
    if (fault === null) return;
    const after = addLook(looks, { fault, atMs: this.#deps.nowMs() });
    this.#looks.set(personId, after.restricts ? 'too_many' : after.looks);
  }

  #stillHeld(before: HeldLease, person: LeasedPerson | null): LeasedRefusal | null {
    const held = this.#deps.keeper.current();
    if (!held.ok) return held.code;
    if (!before.ok || person === null || held.lease.id !== before.lease.id) return 'lease.superseded';
    return held.nowMs >= person.until_ms ? 'lease.person_ended' : null;
  }

  async #record(held: HeldLease, what: Said & Pick<LeasedEntry, 'badge' | 'person'>): Promise<void> {
    const { holder, journal, keeper, nowMs, sign } = this.#deps;
    const now = keeper.current();
    const lease = held.ok ? { id: held.lease.id, jws: held.jws } : null;
    await journal.append(lease, (seq) => {
      const entry: LeasedEntry = {
        ...what,
        device: holder.deviceId,
        seq,
        lease: lease?.id ?? null,
        door: holder.doorId,
        reader: holder.readerId,
        pack: holder.packHash,
        at_ms: Math.max(0, Math.floor(now.ok ? now.nowMs : nowMs())),
      };
      return sign(entry, LEASED_ENTRY_TYPE);
    });
  }

  async #tell(): Promise<void> {
    const { journal, link, onEvent } = this.#deps;
    for (let batch = await journal.oldest(); batch !== null; batch = await journal.oldest()) {
      const before = journal.length;
      await journal.taken(await link.tell(batch));
      if (journal.length === before) return onEvent('terminal.entries_refused');
      if (journal.length === 0) onEvent('terminal.entries_told');
    }
  }
}
