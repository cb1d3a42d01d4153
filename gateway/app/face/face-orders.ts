import type { Deny } from '../../domain/access/decision.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { EnrolledTemplate } from '../../domain/face/enrolled-template.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FaceDeviceStore } from '../../ports/face-device-store.ts';
import type { FaceOrder, FacePoint } from '../../ports/face-point.ts';
import type { FaceTemplateStore } from '../../ports/face-template-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Random } from '../../ports/random.ts';
import type { AuthorizeOperator, Operator } from '../access/types.ts';
import type { CarriedFaces } from './carried-faces.ts';

export interface FaceOrdersDeps {
  readonly devices: Pick<FaceDeviceStore, 'find'>;
  readonly templates: FaceTemplateStore;
  readonly faces: Pick<FacePoint, 'order'>;
  readonly people: Pick<PeopleStore, 'find'>;
  readonly authorizeOperator: AuthorizeOperator;
  readonly clock: Clock;
  readonly random: Random;
  /** Absent where nobody carries their face. */
  readonly carried?: CarriedFaces;
}

interface Command {
  readonly operator: Operator;
  readonly reason: string;
}

type Outcome<Done> = ({ readonly ok: true } & Done) | { readonly ok: false; readonly deny: Deny };

/** What operators want done with people's faces. Every command is decided by the policy. */
export class FaceOrders {
  readonly #deps: FaceOrdersDeps;

  constructor(deps: FaceOrdersDeps) {
    this.#deps = deps;
  }

  /** Has a terminal enrol or forget a person's face, as far as the person agrees there. @throws resource.unknown, request.rate_limited, request.conflict */
  async order(command: Command, what: Omit<FaceOrder, 'id'>): Promise<Outcome<{ readonly orderId: string }>> {
    const { carried, devices, faces, people, random } = this.#deps;
    const device = await devices.find(what.deviceId);
    if (device?.status !== 'active') throw new GatewayError('resource.unknown', 'This terminal is not known, or is revoked.');
    if ((await people.find(what.personId)) === null) throw new GatewayError('resource.unknown', 'This person is not known.');
    const deny = await this.#decide(command, what.personId);
    if (deny !== null) return { ok: false, deny };
    if (what.kind === 'delete') await this.#keepOrder(what);
    if (what.storage === 'carried' && carried === undefined) throw new GatewayError('request.conflict', 'Nobody carries their face here.');
    const order: FaceOrder = { ...what, id: random.id('ord') };
    if (!(await faces.order(order))) throw new GatewayError('request.rate_limited', 'This terminal has enough to do already.');
    return { ok: true, orderId: order.id };
  }

  /**
   * Ends one entry of the book. The key of what a person carries is destroyed before this returns; a terminal is told, and asked again until it
   * has signed. What has ended already stays as it is. @throws resource.unknown, request.conflict, audit.unavailable, secret.unavailable
   */
  async end(command: Command, templateId: string): Promise<Outcome<object>> {
    const { carried, devices, faces, random, templates } = this.#deps;
    const template = await templates.find(templateId);
    if (template === null) throw new GatewayError('resource.unknown', 'This template is not known.');
    const { deviceId, personId, storage } = template;
    const deny = await this.#decide(command, personId);
    if (deny !== null) return { ok: false, deny };
    if (template.status !== 'kept') return { ok: true };
    if (storage === 'carried' && carried === undefined) throw new GatewayError('request.conflict', 'Nobody carries their face here.');
    await this.#orderDeletion(template);
    if (storage === 'carried') return { ok: true };
    // One that is silent, busy or revoked is told when it is there: the order stands in the book.
    if ((await devices.find(deviceId))?.status === 'active')
      await faces.order({ kind: 'delete', id: random.id('ord'), deviceId, personId, storage });
    return { ok: true };
  }

  /** A terminal that is not there now is told when it is. */
  async #keepOrder({ deviceId, personId }: Pick<FaceOrder, 'deviceId' | 'personId'>): Promise<void> {
    for (const one of await this.#deps.templates.ofPerson(personId)) {
      if (one.deviceId === deviceId && one.status === 'kept') await this.#orderDeletion(one);
    }
  }

  /** In the book; the key of what a person carries is destroyed with it. */
  async #orderDeletion(template: EnrolledTemplate): Promise<void> {
    const { carried, clock, templates } = this.#deps;
    await templates.orderDeletion(template.id, clock.nowMs());
    if (template.storage === 'carried') await carried?.destroy(template);
  }

  /** Null = permitted. */
  async #decide({ operator, reason }: Command, personId: PersonId): Promise<Deny | null> {
    const target = { type: 'person', id: personId } as const;
    const decision = await this.#deps.authorizeOperator({ action: 'person.enrol', operator, target, reason, firstOperatorId: null });
    return decision.effect === 'deny' ? decision : null;
  }
}
