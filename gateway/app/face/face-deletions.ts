import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EnrolledTemplate } from '../../domain/face/enrolled-template.ts';
import type { LeaveCause } from '../../domain/people/leaver.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { AuditLog, AuditReader } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FacePoint } from '../../ports/face-point.ts';
import { FACE_TEMPLATE_PAGE_MAX, type FaceTemplateStore } from '../../ports/face-template-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Random } from '../../ports/random.ts';
import { findLeaveCause, leaverOf } from '../people/leavers.ts';
import type { CarriedFaces } from './carried-faces.ts';

/** A terminal that has not said within this long that a template is gone is told again, ms. */
export const DELETION_RETRY_MS = 300_000;

/** `expired`: past its own time, whoever it is of. */
type ForgetCause = LeaveCause | 'expired';

export interface FaceDeletionsDeps {
  readonly templates: FaceTemplateStore;
  readonly people: Pick<PeopleStore, 'find'>;
  readonly faces: Pick<FacePoint, 'listening' | 'order'>;
  /** Absent where nobody carries their face. */
  readonly carried?: Pick<CarriedFaces, 'destroy'>;
  readonly audit: Pick<AuditLog, 'append' | 'subscribe'>;
  readonly reader: Pick<AuditReader, 'read' | 'headSeq'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly onFailure: (failure: unknown) => void;
}

/**
 * Faces of people who have left, and those past their time: ordered deleted wherever they are kept, whoever closed the person, and asked for
 * again until the terminal has signed that they are gone. What is ordered and not done stands in the book.
 */
export class FaceDeletions {
  readonly #deps: FaceDeletionsDeps;
  /** When a terminal was last told to delete a template. */
  readonly #toldMs = new Map<string, number>();

  constructor(deps: FaceDeletionsDeps) {
    this.#deps = deps;
  }

  /** By the log: a directory, a table, an operator and the command line all end there. Returns the end of it. */
  follow(): () => void {
    return this.#deps.audit.subscribe(({ record }) => {
      const personId = leaverOf(record);
      if (personId !== null) this.#orderAll(personId, 'departed').then(() => this.push(), this.#deps.onFailure);
    });
  }

  /** Looks at everybody who is enrolled: what a gateway that was down has missed, and whose time as a closed account is over. Returns how many. */
  async sweep(): Promise<number> {
    const { clock, templates } = this.#deps;
    const looked = new Set<PersonId>();
    let ordered = 0;
    let before: Pick<EnrolledTemplate, 'enrolledAtMs' | 'id'> | null = null;
    do {
      const page: readonly EnrolledTemplate[] = await templates.page({ before, limit: FACE_TEMPLATE_PAGE_MAX });
      for (const { deletionOrderedAtMs, expiresAtMs, id, personId, status } of page) {
        if (status !== 'kept' || deletionOrderedAtMs !== null) continue;
        // It opens nothing any more: what is still kept of it is of no use to anybody.
        if (expiresAtMs <= clock.nowMs()) ordered += await this.#orderOne(id, 'expired');
        if (looked.has(personId)) continue;
        looked.add(personId);
        const cause = await findLeaveCause(this.#deps, personId);
        if (cause !== null) ordered += await this.#orderAll(personId, cause);
      }
      before = page.length < FACE_TEMPLATE_PAGE_MAX ? null : (page.at(-1) ?? null);
      await nextTurn();
    } while (before !== null);
    return ordered;
  }

  /** Tells every terminal that listens what it still has to delete. */
  async push(): Promise<void> {
    const { clock, faces, random, templates } = this.#deps;
    const listening = new Set(await faces.listening());
    const nowMs = clock.monotonicUs() / 1_000;
    const open = await templates.openDeletions();
    for (const id of this.#toldMs.keys()) if (!open.some((one) => one.id === id)) this.#toldMs.delete(id);
    for (const one of open) {
      const { deviceId, id, personId, storage } = one;
      if (storage === 'carried') {
        await this.#deps.carried?.destroy(one);
        continue;
      }
      const toldMs = this.#toldMs.get(id) ?? Number.NEGATIVE_INFINITY;
      if (!listening.has(deviceId) || nowMs - toldMs < DELETION_RETRY_MS) continue;
      const isTaken = await faces.order({ kind: 'delete', id: random.id('ord'), deviceId, personId });
      if (isTaken) this.#toldMs.set(id, nowMs);
    }
  }

  /** First in the log, then in the book. */
  async #orderAll(personId: PersonId, cause: ForgetCause): Promise<number> {
    let ordered = 0;
    for (const { id } of await this.#deps.templates.ofPerson(personId)) ordered += await this.#orderOne(id, cause);
    return ordered;
  }

  async #orderOne(id: string, cause: ForgetCause): Promise<number> {
    const { audit, clock, templates } = this.#deps;
    const template = await templates.find(id);
    if (template?.status !== 'kept' || template.deletionOrderedAtMs !== null) return 0;
    const { personId } = template;
    const about = { event: 'revoked', kind: 'face_template', personId, credentialId: id, operatorId: null } as const;
    await audit.append({ type: 'credential', occurredAtMs: clock.nowMs(), ...about, cause: `deletion_ordered:${cause}` });
    return (await templates.orderDeletion(id, clock.nowMs())) ? 1 : 0;
  }
}
