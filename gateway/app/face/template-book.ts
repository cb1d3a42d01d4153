import { FACE_TEMPLATE_LIFE_MS, type EnrolledTemplate } from '../../domain/face/enrolled-template.ts';
import type { FaceDevice } from '../../domain/face/face-device.ts';
import type { FaceReport } from '../../domain/face/report.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FaceOrder } from '../../ports/face-point.ts';
import type { FaceTemplateStore } from '../../ports/face-template-store.ts';

export interface TemplateBookDeps {
  readonly templates: FaceTemplateStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

interface Reported {
  readonly device: FaceDevice;
  readonly order: FaceOrder;
  readonly report: FaceReport;
  /** The report as it was signed: of a deletion, the receipt. */
  readonly jws: string;
}

/** Who is enrolled at which terminal, by the terminals' own signed word: first in the log, then in the book. */
export class TemplateBook {
  readonly #deps: TemplateBookDeps;

  constructor(deps: TemplateBookDeps) {
    this.#deps = deps;
  }

  /** @throws audit.unavailable, store.conflict the terminal gives a name twice */
  async reported({ device, jws, order, report }: Reported): Promise<void> {
    const { result, template } = report;
    const isEnrolled = order.kind === 'enrol' && result === 'done' && template !== null;
    const isGone = order.kind === 'delete' && (result === 'done' || result === 'nothing_there');
    await this.#deps.audit.append({
      type: 'credential',
      occurredAtMs: this.#deps.clock.nowMs(),
      event: isEnrolled ? 'enrolled' : order.kind === 'delete' && result === 'done' ? 'revoked' : 'authentication_failed',
      kind: 'face_template',
      personId: order.personId,
      credentialId: template,
      cause: `${order.kind}:${result}`,
      operatorId: null,
    });
    if (isEnrolled) await this.#keep(device, order, template);
    if (isGone) await this.#forget(device, order.personId, jws);
  }

  /** A terminal that has nothing of a person deletes what the book still says: its word is the receipt as well. */
  async #forget(device: FaceDevice, personId: PersonId, receipt: string): Promise<void> {
    const { clock, templates } = this.#deps;
    const kept = (await templates.ofPerson(personId)).filter(
      ({ deviceId, status, storage }) => deviceId === device.id && status === 'kept' && storage === 'terminal',
    );
    for (const { id } of kept) await templates.markDeleted(id, { deviceId: device.id, atMs: clock.nowMs(), receipt });
  }

  async #keep(device: FaceDevice, { personId, storage = 'terminal' }: FaceOrder, id: string): Promise<void> {
    const enrolledAtMs = this.#deps.clock.nowMs();
    const template: EnrolledTemplate = {
      id,
      personId,
      deviceId: device.id,
      storage,
      packHash: device.packHash,
      enrolledAtMs,
      expiresAtMs: enrolledAtMs + FACE_TEMPLATE_LIFE_MS,
      deletionOrderedAtMs: null,
      status: 'kept',
      endedAtMs: null,
      receipt: null,
    };
    await this.#deps.templates.add(template);
  }
}
