import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LeaveCause } from '../../domain/people/leaver.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { DeskDeviceStore } from '../../ports/desk-device-store.ts';
import { findLeaveCause, leaverOf, type LeaversDeps } from '../people/leavers.ts';
import { GATEWAY_ITSELF } from '../revocation/restrict.ts';
import type { RevokeDesk } from './revoke-desk.ts';

/** People whose computers could not be revoked, and are tried again soon; whoever is beyond waits for the next sweep. */
export const OWED_MAX = 1_000;
/** People who are looked at in a row before other work has its turn. */
const SLICE_PEOPLE = 50;

export interface DeskDeparturesDeps extends LeaversDeps {
  readonly devices: Pick<DeskDeviceStore, 'owners' | 'ofPerson'>;
  readonly revokeDesk: Pick<RevokeDesk, 'revoke'>;
  readonly audit: Pick<AuditLog, 'subscribe'>;
  readonly onFailure: (failure: unknown) => void;
}

/**
 * Whoever leaves takes the standing of their computers along, whoever closed the person. One who is only suspended keeps them as long as their
 * account may be opened again, as their face does.
 */
export class DeskDepartures {
  readonly #deps: DeskDeparturesDeps;
  readonly #owed = new Set<PersonId>();

  constructor(deps: DeskDeparturesDeps) {
    this.#deps = deps;
  }

  /** By the log: a directory, a table, an operator and the command line all end there. Returns the end of it. */
  follow(): () => void {
    return this.#deps.audit.subscribe(({ record }) => {
      const personId = leaverOf(record);
      if (personId !== null) void this.#look(personId, 'departed');
    });
  }

  /**
   * Looks at everybody who has a computer: what a gateway that was down has missed, and whose time as a closed account is over. Returns how many
   * computers it revoked. @throws store.unavailable
   */
  async sweep(): Promise<number> {
    const owners = await this.#deps.devices.owners();
    let revoked = 0;
    for (const [index, personId] of owners.entries()) {
      revoked += await this.#look(personId, null);
      if (index % SLICE_PEOPLE === SLICE_PEOPLE - 1) await nextTurn();
    }
    return revoked;
  }

  /** What failed before. */
  async retry(): Promise<void> {
    for (const personId of [...this.#owed]) await this.#look(personId, null);
  }

  /** `known`: the log says so. Never fails: what could not be done is owed. */
  async #look(personId: PersonId, known: LeaveCause | null): Promise<number> {
    try {
      const because = known ?? (await findLeaveCause(this.#deps, personId));
      const revoked = because === null ? 0 : await this.#revokeAllOf(personId, because);
      this.#owed.delete(personId);
      return revoked;
    } catch (failure) {
      if (this.#owed.size < OWED_MAX) this.#owed.add(personId);
      this.#deps.onFailure(failure);
      return 0;
    }
  }

  /** All are tried, whatever becomes of one. */
  async #revokeAllOf(personId: PersonId, because: LeaveCause): Promise<number> {
    const { devices, revokeDesk } = this.#deps;
    const own = await devices.ofPerson(personId);
    const endings = await Promise.allSettled(own.map((device) => revokeDesk.revoke(device, { operatorId: GATEWAY_ITSELF, because })));
    const failed = endings.find((ending) => ending.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return own.length;
  }
}
