import { createHash, createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { CARRIED_OPENS_MAX, CarriedFaces } from '#gateway/app/face/carried-faces.ts';
import { createLeaseKey } from '#gateway/app/face/lease-key.ts';
import { TemplateBook } from '#gateway/app/face/template-book.ts';
import { FACE_TEMPLATE_LIFE_MS } from '#gateway/domain/face/enrolled-template.ts';
import type { FaceOrder } from '#gateway/ports/face-point.ts';
import { personId } from '#test/support/people.ts';
import { createSigningTerminal } from '#test/support/face/signing-terminal.ts';

const START_MS = 1_760_000_000_000;
const ANN = personId('ann');
const BLOB = createHash('sha256').update('what she carries').digest('hex');
const OTHER = createHash('sha256').update('something else').digest('hex');

async function rig() {
  let nowMs = START_MS;
  const clock = { nowMs: () => nowMs, monotonicUs: () => nowMs * 1_000 };
  const { faceTemplates: templates, secrets } = createMemoryStores();
  const audit = createMemoryAuditLog({ clock });
  const random = createSystemRandom();
  const key = createLeaseKey({ secrets, random });
  const carried = new CarriedFaces({ templates, secrets, key, audit, clock, random });
  const book = new TemplateBook({ templates, audit, clock });
  const { device } = await createSigningTerminal('main', 'main-in');
  const { device: other } = await createSigningTerminal('other', 'lab-in');
  let orders = 0;
  const begin = async () => {
    orders += 1;
    const order: FaceOrder = { kind: 'enrol', id: `ord_${String(orders)}`, deviceId: device.id, personId: ANN, storage: 'carried' };
    carried.told(device.id, order);
    const begun = await carried.begin(device, order.id);
    if (begun === null) throw new TypeError('there is such an order');
    return { order, ...begun };
  };
  const enrol = async () => {
    const begun = await begin();
    const report = { device: device.id, order: begun.order.id, result: 'done', template: begun.template, blob_sha256: BLOB } as const;
    expect(await carried.finish(device, begun.order, report)).toBe(true);
    await book.reported({ device, order: begun.order, report, jws: 'signed' });
    await carried.destroyReplaced(ANN);
    return begun;
  };
  let nonces = 0;
  const ask = (who = ANN, at = device): string => {
    nonces += 1;
    const nonce = String(nonces).padStart(32, '0');
    const question = { nonce, deviceId: at.id, personId: who, doorId: 'main', readerId: 'main-in', askedAtMs: nowMs, withinMs: 10_000 };
    carried.told(at.id, { kind: 'verify', question: question as never });
    return nonce;
  };
  const alarms = async () =>
    (await audit.read({ from: { afterSeq: 0 }, limit: 50, types: ['alarm'] })).flatMap(({ record }) =>
      record.type === 'alarm' ? [record.code] : [],
    );
  return { alarms, ask, begin, carried, device, enrol, key, other, pass: (ms: number) => (nowMs += ms), secrets, templates };
}

describe('a face that a person carries', () => {
  it('is asked for of whoever carries one, until its key is destroyed', async () => {
    const { carried, enrol, templates } = await rig();
    expect(await carried.isCarriedBy(ANN)).toBe(false);
    const { template } = await enrol();
    expect(await carried.isCarriedBy(ANN)).toBe(true);
    expect(await carried.isCarriedBy(personId('ben'))).toBe(false);
    const kept = await templates.find(template);
    if (kept === null) throw new TypeError('it is in the book');
    await carried.destroy(kept);
    expect(await carried.isCarriedBy(ANN)).toBe(false);
  });

  it('has a key of its own, which is lent for the question of its person, at any terminal', async () => {
    const { ask, carried, device, enrol, other, templates } = await rig();
    const { key, template } = await enrol();
    expect(await templates.find(template)).toMatchObject({ storage: 'carried', personId: ANN, status: 'kept' });
    for (const at of [device, other]) {
      const opened = await carried.open(at, { nonce: ask(ANN, at), template, sha256: BLOB });
      expect(opened).toEqual({ ok: true, key });
    }
  });

  it('is opened once for each question', async () => {
    const { alarms, ask, carried, device, enrol } = await rig();
    const { template } = await enrol();
    const nonce = ask();
    expect(await carried.open(device, { nonce, template, sha256: BLOB })).toMatchObject({ ok: true });
    expect(await carried.open(device, { nonce, template, sha256: BLOB })).toEqual({ ok: false, code: 'carried.replayed' });
    expect(await alarms()).toEqual(['carried.replayed']);
  });

  it('is opened when another one was refused before it, and not after as many as can be carried', async () => {
    const { ask, carried, device, enrol } = await rig();
    const { template } = await enrol();
    const unknown = { template: 'tpl_of_an_old_card', sha256: BLOB };
    const first = ask();
    expect(await carried.open(device, { nonce: first, ...unknown })).toEqual({ ok: false, code: 'carried.unknown' });
    expect(await carried.open(device, { nonce: first, template, sha256: BLOB })).toMatchObject({ ok: true });
    const second = ask();
    for (let refused = 0; refused < CARRIED_OPENS_MAX; refused += 1) {
      expect(await carried.open(device, { nonce: second, ...unknown })).toEqual({ ok: false, code: 'carried.unknown' });
    }
    expect(await carried.open(device, { nonce: second, template, sha256: BLOB })).toEqual({ ok: false, code: 'carried.replayed' });
  });

  it('is opened once when it is asked for twice at once', async () => {
    const { ask, carried, device, enrol } = await rig();
    const { template } = await enrol();
    const asked = { nonce: ask(), template, sha256: BLOB };
    const both = await Promise.all([carried.open(device, asked), carried.open(device, asked)]);
    expect(both.map(({ ok }) => ok)).toEqual([true, false]);
  });

  it('stays shut for a question that nobody asked, another terminal’s, or one that is over', async () => {
    const { ask, carried, device, enrol, other, pass } = await rig();
    const { template } = await enrol();
    const refused = { ok: false, code: 'carried.no_question' };
    expect(await carried.open(device, { nonce: 'f'.repeat(32), template, sha256: BLOB })).toEqual(refused);
    expect(await carried.open(other, { nonce: ask(), template, sha256: BLOB })).toEqual(refused);
    const nonce = ask();
    pass(10_001);
    expect(await carried.open(device, { nonce, template, sha256: BLOB })).toEqual(refused);
  });

  it('stays shut for another person, another pack, and after its time', async () => {
    const { ask, carried, device, enrol, pass } = await rig();
    const { template } = await enrol();
    const open = (nonce: string, at = device, sha256 = BLOB) => carried.open(at, { nonce, template, sha256 });
    expect(await open(ask(personId('ben')))).toEqual({ ok: false, code: 'carried.other_person' });
    expect(await open(ask(), { ...device, packHash: 'c'.repeat(64) })).toEqual({ ok: false, code: 'carried.other_pack' });
    expect(await open(ask(), device, OTHER)).toEqual({ ok: false, code: 'carried.tampered' });
    pass(FACE_TEMPLATE_LIFE_MS);
    expect(await open(ask())).toEqual({ ok: false, code: 'carried.expired' });
    expect(await carried.open(device, { nonce: ask(), template: 'tpl_none', sha256: BLOB })).toEqual({
      ok: false,
      code: 'carried.unknown',
    });
  });

  it('is noise once its key is destroyed, by the gateway’s signed word', async () => {
    const { ask, carried, device, enrol, secrets, templates } = await rig();
    const { template } = await enrol();
    const kept = await templates.find(template);
    if (kept === null) throw new TypeError('just enrolled');
    await carried.destroy(kept);
    expect(await secrets.read(`face/carried/${template}`)).toHaveLength(0);
    expect(await carried.open(device, { nonce: ask(), template, sha256: BLOB })).toEqual({ ok: false, code: 'carried.destroyed' });
    const [header = '', payload = '', signature = ''] = ((await templates.find(template))?.receipt ?? '').split('.');
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: await carried.publicKey() };
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    expect(verify(null, Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({ template, result: 'key_destroyed', at_ms: START_MS });
  });

  it('loses its key when the person enrols anew', async () => {
    const { ask, carried, device, enrol, pass, secrets } = await rig();
    const first = await enrol();
    pass(1);
    const second = await enrol();
    expect(await secrets.read(`face/carried/${first.template}`)).toHaveLength(0);
    expect(await carried.open(device, { nonce: ask(), template: first.template, sha256: BLOB })).toEqual({
      ok: false,
      code: 'carried.destroyed',
    });
    expect(await carried.open(device, { nonce: ask(), template: second.template, sha256: BLOB })).toMatchObject({ ok: true });
  });

  it('has no key where the card did not take it, and none twice for one order', async () => {
    const { begin, carried, device, secrets } = await rig();
    const { order, template } = await begin();
    expect(await carried.begin(device, order.id)).toBeNull();
    expect(await carried.begin(device, 'ord_other')).toBeNull();
    const failed = { device: device.id, order: order.id, result: 'failed', template: null } as const;
    expect(await carried.finish(device, order, failed)).toBe(false);
    expect(await secrets.read(`face/carried/${template}`)).toHaveLength(0);
  });

  it('has no key where the terminal names another template than it was given', async () => {
    const { begin, carried, device, secrets } = await rig();
    const { order, template } = await begin();
    const report = { device: device.id, order: order.id, result: 'done', template: 'tpl_mine', blob_sha256: BLOB } as const;
    expect(await carried.finish(device, order, report)).toBe(false);
    expect(await secrets.read(`face/carried/${template}`)).toHaveLength(0);
  });
});
