import { describe, expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { DELETION_RETRY_MS, FaceDeletions } from '#gateway/app/face/face-deletions.ts';
import { TemplateBook } from '#gateway/app/face/template-book.ts';
import { FACE_TEMPLATE_LIFE_MS } from '#gateway/domain/face/enrolled-template.ts';
import { CLOSED_ACCOUNT_LIFE_MS } from '#gateway/domain/people/leaver.ts';
import type { Standing } from '#gateway/domain/people/person.ts';
import type { FaceDeviceId } from '#gateway/domain/site/ids.ts';
import type { FaceOrder } from '#gateway/ports/face-point.ts';
import { FACE_TEMPLATE_PAGE_MAX } from '#gateway/ports/face-template-store.ts';
import { personId, somePerson } from '#test/support/people.ts';
import { createSigningTerminal, SAMPLE_PACK } from '#test/support/face/signing-terminal.ts';
import { changeStanding } from '#test/support/standing-change.ts';

const START_MS = 1_760_000_000_000;
const ANN = personId('ann');
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function rig() {
  let nowMs = START_MS;
  const clock = { nowMs: () => nowMs, monotonicUs: () => nowMs * 1_000 };
  const { faceTemplates: templates, people } = createMemoryStores();
  const audit = createMemoryAuditLog({ clock });
  const orders: FaceOrder[] = [];
  let listening: FaceDeviceId[] = [];
  const failures: unknown[] = [];
  const faces = { listening: async () => listening, order: async (order: FaceOrder) => orders.push(order) > 0 };
  const random = createSystemRandom();
  const deletions = new FaceDeletions({
    templates,
    people,
    faces,
    audit,
    reader: audit,
    clock,
    random,
    onFailure: (failure) => void failures.push(failure),
  });
  const { device } = await createSigningTerminal('main', 'main-in');
  const { device: back } = await createSigningTerminal('back', 'lab-in');
  const enrol = async (name: string, at = device): Promise<void> => {
    await people.save(somePerson(name));
    await templates.add({
      id: `tpl_${name}_${at.label}`,
      personId: personId(name),
      deviceId: at.id,
      storage: 'terminal',
      packHash: SAMPLE_PACK,
      enrolledAtMs: START_MS,
      expiresAtMs: START_MS + FACE_TEMPLATE_LIFE_MS,
      deletionOrderedAtMs: null,
      status: 'kept',
      endedAtMs: null,
      receipt: null,
    });
  };
  const closes = async (to: Standing): Promise<void> => {
    await changeStanding({ people, audit }, { personId: ANN, to, nowMs });
    for (let turns = 0; turns < 5; turns += 1) await turn();
  };
  const open = async () => (await templates.openDeletions()).map(({ id }) => id);
  const book = new TemplateBook({ templates, audit, clock });
  const gone = async (order: FaceOrder): Promise<void> => {
    const report = { device: device.id, order: order.id, result: 'done', template: 'tpl_ann_main' } as const;
    await book.reported({ device, order, report, jws: 'signed' });
  };
  return {
    audit,
    back,
    closes,
    deletions,
    device,
    enrol,
    failures,
    gone,
    listen: (...ids: FaceDeviceId[]) => (listening = ids),
    open,
    orders,
    pass: (ms: number) => (nowMs += ms),
    people,
    templates,
  };
}

describe('the face of somebody who has left', () => {
  it('is ordered deleted at every terminal the moment the log says so, and nobody else’s is', async () => {
    const { audit, back, closes, deletions, device, enrol, failures, listen, open, orders } = await rig();
    const end = deletions.follow();
    await enrol('ann');
    await enrol('ann', back);
    await enrol('ben');
    listen(device.id, back.id);
    await closes('departed');
    expect(await open()).toEqual(['tpl_ann_back', 'tpl_ann_main']);
    expect(orders.map(({ deviceId, kind, personId: who }) => [kind, deviceId, who])).toEqual([
      ['delete', back.id, ANN],
      ['delete', device.id, ANN],
    ]);
    const causes = (await audit.read({ from: { afterSeq: 0 }, limit: 10, types: ['credential'] })).map(({ record }) => record);
    expect(causes.map((record) => record.type === 'credential' && [record.event, record.credentialId, record.cause]).sort()).toEqual([
      ['revoked', 'tpl_ann_back', 'deletion_ordered:departed'],
      ['revoked', 'tpl_ann_main', 'deletion_ordered:departed'],
    ]);
    expect(failures).toEqual([]);
    end();
  });

  it('is ordered when the person’s row is removed at the host', async () => {
    const { audit, deletions, enrol, open } = await rig();
    deletions.follow();
    await enrol('ann');
    const change = { changeId: 'chg_1', subjectType: 'person', subjectId: ANN, personId: ANN, change: 'removed', changes: [] } as const;
    await audit.append({
      ...change,
      type: 'directory_change',
      occurredAtMs: START_MS,
      changes: [],
      digestBefore: null,
      digestAfter: null,
      operatorId: 'local',
    });
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(await open()).toEqual(['tpl_ann_main']);
  });

  it('is asked for again and again until the terminal has signed that it is gone', async () => {
    const { closes, deletions, device, enrol, gone, listen, open, orders, pass, templates } = await rig();
    deletions.follow();
    await enrol('ann');
    await closes('departed');
    expect(orders).toEqual([]);
    listen(device.id);
    await deletions.push();
    await deletions.push();
    expect(orders).toHaveLength(1);
    pass(DELETION_RETRY_MS);
    await deletions.push();
    expect(orders).toHaveLength(2);
    const [order] = orders;
    if (order === undefined) throw new TypeError('just counted');
    await gone(order);
    expect(await open()).toEqual([]);
    expect(await templates.find('tpl_ann_main')).toMatchObject({ status: 'deleted', receipt: 'signed' });
    pass(DELETION_RETRY_MS);
    await deletions.push();
    expect(orders).toHaveLength(2);
  });

  it('is found by a gateway that was down when they left, once', async () => {
    const { closes, deletions, enrol, open } = await rig();
    await enrol('ann');
    await enrol('ben');
    await closes('departed');
    expect(await open()).toEqual([]);
    expect(await deletions.sweep()).toBe(1);
    expect(await deletions.sweep()).toBe(0);
    expect(await open()).toEqual(['tpl_ann_main']);
  });

  it('is found beyond the first page', async () => {
    const { closes, deletions, enrol, open } = await rig();
    for (let index = 0; index < FACE_TEMPLATE_PAGE_MAX; index += 1) await enrol(`p${String(index)}`);
    await enrol('ann');
    await closes('departed');
    expect(await deletions.sweep()).toBe(1);
    expect(await open()).toEqual(['tpl_ann_main']);
  });

  it('is ordered deleted past its own time, although nobody has left', async () => {
    const { audit, back, deletions, enrol, open, pass } = await rig();
    await enrol('ann');
    pass(FACE_TEMPLATE_LIFE_MS - 1);
    expect(await deletions.sweep()).toBe(0);
    pass(1);
    await enrol('ben', back);
    expect(await deletions.sweep()).toBe(2);
    expect(await deletions.sweep()).toBe(0);
    expect(await open()).toEqual(['tpl_ann_main', 'tpl_ben_back']);
    const log = await audit.read({ from: { afterSeq: 0 }, limit: 10, types: ['credential'] });
    expect(log.map(({ record }) => record.type === 'credential' && record.cause)).toEqual([
      'deletion_ordered:expired',
      'deletion_ordered:expired',
    ]);
  });

  it('is kept for a suspended account for 30 days, and no longer', async () => {
    const { closes, deletions, enrol, pass } = await rig();
    await enrol('ann');
    await closes('suspended');
    pass(CLOSED_ACCOUNT_LIFE_MS - 1);
    expect(await deletions.sweep()).toBe(0);
    pass(1);
    expect(await deletions.sweep()).toBe(1);
  });
});
