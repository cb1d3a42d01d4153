import { expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import type { AuthorizeOperator } from '#gateway/app/access/types.ts';
import { CarriedFaces } from '#gateway/app/face/carried-faces.ts';
import { FaceOrders } from '#gateway/app/face/face-orders.ts';
import { createLeaseKey } from '#gateway/app/face/lease-key.ts';
import type { EnrolledTemplate } from '#gateway/domain/face/enrolled-template.ts';
import type { FaceOrder } from '#gateway/ports/face-point.ts';
import { personId } from '#test/support/people.ts';
import { samplePerson } from '#test/support/sample-input.ts';
import { createSigningTerminal } from '#test/support/face/signing-terminal.ts';

const NOW_MS = 1_760_000_000_000;
const command = { operator: { id: personId('op') } as never, reason: 'She asked for it' };

async function rig({ effect = 'permit', isTaken = true }: { effect?: 'permit' | 'deny'; isTaken?: boolean } = {}) {
  const clock = { nowMs: () => NOW_MS, monotonicUs: () => 0 };
  const { faceDevices: devices, faceTemplates: templates, people, secrets } = createMemoryStores();
  const audit = createMemoryAuditLog({ clock });
  const random = createSystemRandom();
  const carried = new CarriedFaces({ templates, secrets, key: createLeaseKey({ secrets, random }), audit, clock, random });
  const { device } = await createSigningTerminal('main', 'main-in');
  await devices.add(device);
  await people.save(samplePerson);
  const ordered: Omit<FaceOrder, 'id'>[] = [];
  const decided: string[] = [];
  const orders = new FaceOrders({
    devices,
    templates,
    people,
    clock,
    random,
    carried,
    faces: {
      order: async ({ id: _id, ...order }) => {
        if (isTaken) ordered.push(order);
        return isTaken;
      },
    },
    // As much of a decision as is looked at here.
    authorizeOperator: (async ({ action, target }) => {
      decided.push(`${action} ${target.id}`);
      return { effect };
    }) as AuthorizeOperator,
  });
  const keep = async (storage: EnrolledTemplate['storage'], id: string): Promise<void> => {
    await secrets.write(`face/carried/${id}`, new Uint8Array(64).fill(7));
    const ended = { deletionOrderedAtMs: null, status: 'kept', endedAtMs: null, receipt: null } as const;
    const enrolled = { packHash: device.packHash, enrolledAtMs: 1, expiresAtMs: NOW_MS * 2 };
    await templates.add({ id, personId: samplePerson.id, deviceId: device.id, storage, ...enrolled, ...ended });
  };
  return { decided, device, devices, keep, ordered, orders, secrets, templates };
}

it('destroys the key of one face that a person carries, and tells no terminal', async () => {
  const { decided, keep, ordered, orders, secrets, templates } = await rig();
  await keep('carried', 'tpl_1');
  expect(await orders.end(command, 'tpl_1')).toEqual({ ok: true });
  expect(await secrets.read('face/carried/tpl_1')).toHaveLength(0);
  const ended = await templates.find('tpl_1');
  expect(ended).toMatchObject({ status: 'deleted', endedAtMs: NOW_MS, deletionOrderedAtMs: NOW_MS });
  expect(ended?.receipt).not.toBeNull();
  expect(ordered).toEqual([]);
  expect(decided).toEqual([`person.enrol ${samplePerson.id}`]);

  expect(await orders.end(command, 'tpl_1')).toEqual({ ok: true });
  expect(await templates.find('tpl_1')).toEqual(ended);
});

it('ends a carried face whose terminal is revoked', async () => {
  const { device, devices, keep, orders, templates } = await rig();
  await keep('carried', 'tpl_1');
  await devices.revoke(device.id);
  expect(await orders.end(command, 'tpl_1')).toEqual({ ok: true });
  expect(await templates.find('tpl_1')).toMatchObject({ status: 'deleted' });
});

it('tells a terminal to delete what it keeps, and calls nothing deleted before it has signed', async () => {
  const { device, keep, ordered, orders, templates } = await rig();
  await keep('terminal', 'tpl_1');
  expect(await orders.end(command, 'tpl_1')).toEqual({ ok: true });
  expect(ordered).toEqual([{ kind: 'delete', deviceId: device.id, personId: samplePerson.id, storage: 'terminal' }]);
  expect(await templates.find('tpl_1')).toMatchObject({ status: 'kept', deletionOrderedAtMs: NOW_MS, receipt: null });
});

it('keeps the order for a terminal that is busy, and tells nothing to one that is revoked', async () => {
  const busy = await rig({ isTaken: false });
  await busy.keep('terminal', 'tpl_1');
  expect(await busy.orders.end(command, 'tpl_1')).toEqual({ ok: true });
  expect((await busy.templates.openDeletions()).map(({ id }) => id)).toEqual(['tpl_1']);

  const { device, devices, keep, ordered, orders, templates } = await rig();
  await keep('terminal', 'tpl_1');
  await devices.revoke(device.id);
  expect(await orders.end(command, 'tpl_1')).toEqual({ ok: true });
  expect(ordered).toEqual([]);
  expect((await templates.openDeletions()).map(({ id }) => id)).toEqual(['tpl_1']);
});

it('ends nothing for whom the policy denies, and nothing that is not known', async () => {
  const { keep, ordered, orders, secrets, templates } = await rig({ effect: 'deny' });
  await keep('carried', 'tpl_1');
  expect(await orders.end(command, 'tpl_1')).toMatchObject({ ok: false });
  expect(await templates.find('tpl_1')).toMatchObject({ status: 'kept', deletionOrderedAtMs: null });
  expect(await secrets.read('face/carried/tpl_1')).toHaveLength(64);
  await expect(orders.end(command, 'tpl_none')).rejects.toMatchObject({ code: 'resource.unknown' });
  expect(ordered).toEqual([]);
});
