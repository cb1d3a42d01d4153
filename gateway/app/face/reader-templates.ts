import type { Deny } from '../../domain/access/decision.ts';
import type { AuditRecord } from '../../domain/audit/record.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { ReaderTemplate } from '../../domain/face/reader-match.ts';
import type { PersonId, ReaderId } from '../../domain/site/ids.ts';
import type { ReaderBiometrics } from '../../domain/site/site.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FacePoint, ReaderEnrolment } from '../../ports/face-point.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { ReaderTemplateStore } from '../../ports/reader-template-store.ts';
import { leaverOf } from '../people/leavers.ts';
import type { AuthorizeOperator, Operator } from '../access/types.ts';

export interface ReaderTemplatesDeps {
  readonly sites: Pick<SiteMap, 'reader'>;
  readonly people: Pick<PeopleStore, 'find'>;
  readonly templates: ReaderTemplateStore;
  readonly faces: Pick<FacePoint, 'enrolAtReader'>;
  readonly authorizeOperator: AuthorizeOperator;
  readonly audit: Pick<AuditLog, 'append' | 'subscribe'>;
  readonly clock: Clock;
}

interface Command {
  readonly operator: Operator;
  /** Says how the person agreed. */
  readonly reason: string;
}

type Outcome<Done> = ({ readonly ok: true } & Done) | { readonly ok: false; readonly deny: Deny };
type Credential = Extract<AuditRecord, { readonly type: 'credential' }>;

/** Templates for readers that compare fingers or faces themselves: made at the reader, with the person's consent, and deleted when they say so or leave. */
export class ReaderTemplates {
  readonly #deps: ReaderTemplatesDeps;

  constructor(deps: ReaderTemplatesDeps) {
    this.#deps = deps;
  }

  /** Scans the person, who stands at the reader now. @throws resource.unknown, audit.unavailable, store.conflict */
  async enrol(
    { operator, reason }: Command,
    { personId, readerId }: { readonly personId: PersonId; readonly readerId: ReaderId },
  ): Promise<Outcome<{ readonly enrolment: ReaderEnrolment }>> {
    const { faces, templates } = this.#deps;
    this.#biometricsOf(readerId);
    const deny = await this.#decide(operator, personId, reason);
    if (deny !== null) return { ok: false, deny };
    const enrolment = await faces.enrolAtReader({ readerId, personId });
    const event = enrolment.ok ? 'enrolled' : 'authentication_failed';
    const cause = `reader_scan:${enrolment.ok ? 'done' : enrolment.code}`;
    try {
      await this.#record(event, { personId, operatorId: operator.id, cause });
    } catch (failure) {
      // A template that the log does not know must not exist.
      await templates.remove(personId);
      throw failure;
    }
    return { ok: true, enrolment };
  }

  /** @throws resource.unknown, audit.unavailable */
  async forget({ operator, reason }: Command, personId: PersonId): Promise<Outcome<{ readonly removed: number }>> {
    const deny = await this.#decide(operator, personId, reason);
    if (deny !== null) return { ok: false, deny };
    return { ok: true, removed: await this.#remove(personId, { cause: 'reader_templates:deleted', operatorId: operator.id }) };
  }

  /** What is kept of a person; nothing of the template is in it. */
  ofPerson(personId: PersonId): Promise<readonly ReaderTemplate[]> {
    return this.#deps.templates.ofPerson(personId);
  }

  /** Whom this reader can compare, by person: it shares them with every reader of its kind. @throws resource.unknown */
  async ofReader(
    readerId: ReaderId,
    page: { readonly after: PersonId | null; readonly limit: number },
  ): Promise<readonly (ReaderTemplate & { readonly personName: string | null })[]> {
    const { people, templates } = this.#deps;
    const kept = await templates.page(this.#biometricsOf(readerId), page);
    return Promise.all(kept.map(async (one) => ({ ...one, personName: (await people.find(one.personId))?.displayName ?? null })));
  }

  /** Whoever has left is compared with nothing any more. Returns the end of it. */
  followLeavers(onFailure: (failure: unknown) => void): () => void {
    return this.#deps.audit.subscribe(({ record }) => {
      const personId = leaverOf(record);
      if (personId !== null) this.#remove(personId, { cause: 'reader_templates:departed', operatorId: null }).catch(onFailure);
    });
  }

  /** What a gateway that was down has missed, and whose time is over. Returns how many were deleted. */
  async sweep(): Promise<number> {
    const { clock, people, templates } = this.#deps;
    let removed = await templates.removeExpired(clock.nowMs());
    for (const personId of await templates.persons()) {
      const person = await people.find(personId);
      if (person !== null && person.standing !== 'departed') continue;
      removed += await this.#remove(personId, { cause: 'reader_templates:departed', operatorId: null });
    }
    return removed;
  }

  #biometricsOf(readerId: ReaderId): ReaderBiometrics {
    const biometrics = this.#deps.sites.reader(readerId)?.biometrics;
    if (biometrics === undefined) throw new GatewayError('resource.unknown', 'This reader is not known, or compares nothing itself.');
    return biometrics;
  }

  async #remove(personId: PersonId, why: Pick<Credential, 'cause' | 'operatorId'>): Promise<number> {
    const removed = await this.#deps.templates.remove(personId);
    if (removed > 0) await this.#record('revoked', { personId, ...why });
    return removed;
  }

  /** Null = permitted. */
  async #decide(operator: Operator, personId: PersonId, reason: string): Promise<Deny | null> {
    const { authorizeOperator, people } = this.#deps;
    if ((await people.find(personId)) === null) throw new GatewayError('resource.unknown', 'This person is not known.');
    const target = { type: 'person', id: personId } as const;
    const decision = await authorizeOperator({ action: 'person.enrol', operator, target, reason, firstOperatorId: null });
    return decision.effect === 'deny' ? decision : null;
  }

  async #record(event: Credential['event'], about: Pick<Credential, 'personId' | 'cause' | 'operatorId'>): Promise<void> {
    const occurredAtMs = this.#deps.clock.nowMs();
    await this.#deps.audit.append({ type: 'credential', occurredAtMs, event, kind: 'face_template', credentialId: null, ...about });
  }
}
