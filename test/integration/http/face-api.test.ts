import { afterEach, expect, it } from 'vitest';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryFaceDeviceStore } from '#adapters/memory/face-device-store.ts';
import { DEVICE_CALL_TYPE, verifyDeviceSignature } from '#gateway/app/face/device-signature.ts';
import { FaceDesk } from '#gateway/app/face/face-desk.ts';
import { FACE_TEMPLATE_LIFE_MS } from '#gateway/domain/face/enrolled-template.ts';
import { REPORT_TYPE } from '#gateway/domain/face/report.ts';
import type { DoorId, ReaderId } from '#gateway/domain/site/ids.ts';
import {
  faceEndedSchema,
  faceOfferSchema,
  faceOrderedSchema,
  faceReceiptSchema,
  facesOfPersonSchema,
  faceTemplatesSchema,
  faceTerminalsSchema,
  terminalEnrolledSchema,
  terminalTaskSchema,
} from '#gateway/http/contract/face.ts';
import { startHttpGateway, type HttpGateway, type HttpGatewayOptions } from '#test/support/http-gateway.ts';
import { enrolPerson, signInToConsole } from '#test/support/oidc/sign-in.ts';
import { createSigningTerminal, SAMPLE_PACK } from '#test/support/face/signing-terminal.ts';

let gateway: HttpGateway | null = null;
afterEach(async () => gateway?.close());

const REASON = 'a terminal beside the main door';

async function rig(judgeOperator: NonNullable<HttpGatewayOptions['judgeOperator']> = () => 'permit') {
  const devices = createMemoryFaceDeviceStore();
  const desk = new FaceDesk({ devices, clock: createSystemClock(), random: createSystemRandom(), onRefused: () => undefined });
  const running = await startHttpGateway({ clients: [], judgeOperator, faces: desk.point, faceDevices: devices });
  gateway = running;
  const admin = await enrolPerson(running, 'ada', { roles: ['security_admin'] });
  await signInToConsole(running, admin);
  const terminal = await createSigningTerminal('new', 'main-in');
  let deviceId = 'nobody-yet';
  const operate = (path: string, body?: unknown) => admin.browser.call(`${running.publicUrl}/api/face/terminals${path}`, body);
  /** As the terminal calls. */
  const call = async (name: string, body: unknown, { path = `/api/face/terminal/${name}`, atMs = Date.now() } = {}) => {
    const token = await terminal.sign({ path, at_ms: atMs }, { kid: deviceId, typ: DEVICE_CALL_TYPE });
    const response = await fetch(`${running.publicUrl}/api/face/terminal/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  const offer = async () => faceOfferSchema.parse((await operate('/offers', { readerId: 'main-in', label: 'Main', reason: REASON })).body);
  const enrol = async () => {
    const { code } = await offer();
    const { body } = await call('enrol', { code, publicKey: terminal.device.publicKey, packHash: SAMPLE_PACK });
    ({ deviceId } = terminalEnrolledSchema.parse(body));
    return deviceId;
  };
  /** An order, and the terminal's signed word about it. */
  const report = async (kind: 'enrol' | 'delete', what: { readonly result: string; readonly template: string | null }) => {
    const ordered = await operate(`/${deviceId}/orders`, { kind, personId: admin.personId, reason: REASON });
    const { orderId: order } = faceOrderedSchema.parse(ordered.body);
    await call('next', {});
    const jws = await terminal.sign({ device: deviceId, order, ...what }, { kid: deviceId, typ: REPORT_TYPE });
    expect((await call('report', { jws })).status).toBe(200);
    return jws;
  };
  const read = (path: string, body?: unknown) => admin.browser.call(`${running.publicUrl}/api/face${path}`, body);
  return { running, desk, report, read, ada: admin.personId, terminal, operate, call, offer, enrol };
}

it('enrols a terminal by a code that is good once, and lists it', async () => {
  const { call, offer, operate, running, terminal } = await rig();
  const { code } = await offer();
  const body = { code, publicKey: terminal.device.publicKey, packHash: SAMPLE_PACK };
  const enrolled = await call('enrol', body);
  expect(enrolled).toMatchObject({ status: 201, body: { readerId: 'main-in', doorId: 'main', label: 'Main' } });
  expect((await call('enrol', body)).status).not.toBe(201);
  const { terminals } = faceTerminalsSchema.parse((await operate('')).body);
  expect(terminals).toMatchObject([{ label: 'Main', packHash: SAMPLE_PACK, status: 'active', isListening: false }]);
  const changes = (await running.records()).flatMap((record) => (record.type === 'directory_change' ? record.changes : []));
  expect(changes).toEqual(expect.arrayContaining(['face_terminal_offered:Main', `+face_terminal:${terminals[0]?.id ?? ''}`]));
});

it('takes no key whose owner does not show it, no wrong code, and no reader that is not there', async () => {
  const { call, offer, operate, terminal } = await rig();
  const other = await createSigningTerminal('other', 'main-in');
  const { code } = await offer();
  expect((await call('enrol', { code, publicKey: other.device.publicKey, packHash: SAMPLE_PACK })).status).toBe(410);
  expect((await call('enrol', { code: 'guess', publicKey: terminal.device.publicKey, packHash: SAMPLE_PACK })).status).toBe(410);
  expect((await call('enrol', { code, publicKey: terminal.device.publicKey, packHash: SAMPLE_PACK })).status).toBe(201);
  expect((await operate('/offers', { readerId: 'gone', label: 'Main', reason: REASON })).status).toBe(404);
});

it('lets nobody offer, revoke or order whom the policy denies', async () => {
  const { ada, desk, operate, read, running } = await rig(({ action }) =>
    action === 'reader.maintain' || action === 'person.enrol' ? 'operator.not_authorized' : 'permit',
  );
  const { device } = await createSigningTerminal('main', 'main-in');
  await running.faceDevices.add(device);
  expect((await operate('/offers', { readerId: 'main-in', label: 'Main', reason: REASON })).status).toBe(403);
  expect((await operate(`/${device.id}/revoke`, { reason: REASON })).status).toBe(403);
  expect((await operate(`/${device.id}/orders`, { kind: 'enrol', personId: ada, reason: REASON })).status).toBe(403);
  const enrolled = {
    personId: ada as never,
    deviceId: device.id,
    packHash: SAMPLE_PACK,
    enrolledAtMs: 1,
    expiresAtMs: Date.now() + 60_000,
  };
  const kept = { storage: 'carried', deletionOrderedAtMs: null, status: 'kept', endedAtMs: null, receipt: null } as const;
  await running.faceTemplates.add({ id: 'tpl_1', ...enrolled, ...kept });
  expect((await read('/templates/tpl_1/end', { reason: REASON })).status).toBe(403);
  expect(await running.faceTemplates.find('tpl_1')).toMatchObject({ status: 'kept', deletionOrderedAtMs: null });
  expect(await running.faceDevices.find(device.id)).toEqual(device);
  expect(await desk.point.listening()).toEqual([]);
});

it('hands a terminal the question of a badge, and takes its word', async () => {
  const { ada, call, desk, enrol, terminal } = await rig();
  const deviceId = await enrol();
  const asked = call('next', {});
  await expect.poll(() => desk.point.listening()).toEqual([deviceId]);
  const answer = desk.ask({ personId: ada, doorId: 'main' as DoorId, readerId: 'main-in' as ReaderId });
  const { task } = terminalTaskSchema.parse((await asked).body);
  if (task?.kind !== 'verify') throw new TypeError('the terminal was asked nothing');
  const jws = await terminal.sign(terminal.says(task.question as never, { device: deviceId }), { kid: deviceId });
  expect((await call('attest', { jws })).body).toEqual({ refusal: null });
  expect(await answer).toMatchObject({ ok: true, face: { verified: true } });
  expect((await call('attest', { jws })).body).toEqual({ refusal: 'face.replayed' });
});

it('answers no terminal that is revoked, signs for another address, or long ago', async () => {
  const { call, enrol, operate } = await rig();
  const deviceId = await enrol();
  expect((await call('attest', { jws: 'x' })).status).toBe(200);
  expect((await call('attest', { jws: 'x' }, { path: '/api/face/terminal/next' })).status).toBe(401);
  expect((await call('attest', { jws: 'x' }, { atMs: Date.now() - 61_000 })).status).toBe(401);
  expect((await operate(`/${deviceId}/revoke`, { reason: REASON })).status).toBe(200);
  expect((await call('attest', { jws: 'x' })).status).toBe(401);
  expect((await operate(`/${deviceId}/revoke`, { reason: REASON })).status).toBe(404);
});

it('has a face enrolled and deleted where the person is, and records what became of it', async () => {
  const { ada, call, enrol, operate, running, terminal } = await rig();
  const deviceId = await enrol();
  for (const kind of ['enrol', 'delete'] as const) {
    const ordered = await operate(`/${deviceId}/orders`, { kind, personId: ada, reason: REASON });
    const { orderId } = faceOrderedSchema.parse(ordered.body);
    const { task } = terminalTaskSchema.parse((await call('next', {})).body);
    expect(task).toEqual({ kind, id: orderId, personId: ada, storage: 'terminal' });
    const report = { device: deviceId, order: orderId, result: 'done', template: 'tpl_1' };
    const jws = await terminal.sign(report, { kid: deviceId, typ: REPORT_TYPE });
    expect((await call('report', { jws })).status).toBe(200);
    expect((await call('report', { jws })).status).toBe(409);
  }
  const records = (await running.records()).filter((record) => record.type === 'credential' && record.kind === 'face_template');
  expect(records).toMatchObject([
    { event: 'enrolled', personId: ada, credentialId: 'tpl_1', cause: 'enrol:done' },
    { event: 'revoked', personId: ada, credentialId: 'tpl_1', cause: 'delete:done' },
  ]);
});

it('keeps the book of who is enrolled where, and the terminal’s own receipt of what it deleted', async () => {
  const { ada, enrol, operate, read, report, running, terminal } = await rig();
  const deviceId = await enrol();
  await report('enrol', { result: 'refused', template: null });
  await report('enrol', { result: 'done', template: 'tpl_1' });
  await report('enrol', { result: 'done', template: 'tpl_2' });
  const book = async () => faceTemplatesSchema.parse((await read('/templates')).body).templates;
  expect(await book()).toMatchObject([
    { id: 'tpl_2', personId: ada, deviceId, storage: 'terminal', status: 'kept', hasReceipt: false, isOfOtherPack: false },
    { id: 'tpl_1', personId: ada, status: 'replaced' },
  ]);
  const [kept] = await book();
  expect((kept?.expiresAtMs ?? 0) - (kept?.enrolledAtMs ?? 0)).toBe(FACE_TEMPLATE_LIFE_MS);
  const { terminals } = faceTerminalsSchema.parse((await operate('')).body);
  expect(terminals).toMatchObject([{ kept: 1, expired: 0 }]);
  expect(terminals[0]?.outcomes.map(({ result }) => result)).toEqual(['enrol:done', 'enrol:done', 'enrol:refused']);
  expect((await read('/templates/tpl_2/receipt')).status).toBe(404);

  const jws = await report('delete', { result: 'done', template: 'tpl_2' });
  expect(await book()).toMatchObject([{ id: 'tpl_2', status: 'deleted', hasReceipt: true }, { id: 'tpl_1' }]);
  const { publicKey, receipt } = faceReceiptSchema.parse((await read('/templates/tpl_2/receipt')).body);
  expect(receipt).toBe(jws);
  if (publicKey.kty !== 'EC') throw new TypeError('the terminal signed it');
  const proof = await verifyDeviceSignature(receipt, { publicKey, typ: REPORT_TYPE });
  expect(proof?.payload).toMatchObject({ device: deviceId, result: 'done', template: 'tpl_2' });
  expect(publicKey).toEqual(terminal.device.publicKey);

  await running.faceDevices.allowPack(deviceId as never, 'c'.repeat(64));
  expect(await book()).toMatchObject([{ isOfOtherPack: true }, { isOfOtherPack: true }]);
});

it('shows where one person has a face, and says that one is ended only when it is', async () => {
  const { ada, enrol, read, report, running } = await rig();
  const deviceId = await enrol();
  const ofAda = async () => facesOfPersonSchema.parse((await read(`/people/${ada}/templates`)).body).templates;
  expect(await ofAda()).toEqual([]);
  await report('enrol', { result: 'done', template: 'tpl_1' });
  await report('enrol', { result: 'done', template: 'tpl_2' });
  const carried = { personId: ada, deviceId, storage: 'carried', packHash: SAMPLE_PACK, enrolledAtMs: 1, expiresAtMs: Date.now() + 60_000 };
  const kept = { deletionOrderedAtMs: null, status: 'kept', endedAtMs: null, receipt: null } as const;
  await running.faceTemplates.add({ ...carried, ...kept, id: 'tpl_card', deviceId: 'fdv_other' } as never);
  expect((await ofAda()).map(({ id, status }) => `${id} ${status}`)).toEqual(['tpl_2 kept', 'tpl_card kept', 'tpl_1 replaced']);

  const end = async (id: string, body: unknown = { reason: REASON }) => {
    const answer = await read(`/templates/${id}/end`, body);
    return { ...answer, template: faceEndedSchema.safeParse(answer.body).data?.template };
  };
  expect((await end('tpl_card')).template).toMatchObject({ status: 'deleted', hasReceipt: true });
  const { publicKey, receipt } = faceReceiptSchema.parse((await read('/templates/tpl_card/receipt')).body);
  expect(publicKey).toMatchObject({ kty: 'OKP', crv: 'Ed25519' });
  expect(receipt.split('.')).toHaveLength(3);
  expect((await end('tpl_2')).template).toMatchObject({ status: 'kept', hasReceipt: false });
  expect((await ofAda()).find(({ id }) => id === 'tpl_2')?.deletionOrderedAtMs).not.toBeNull();
  expect((await end('tpl_2', {})).status).toBe(400);
  expect((await end('tpl_none')).status).toBe(404);
});

it('pages through the book, and refuses what is no page of it', async () => {
  const { enrol, read, report } = await rig();
  await enrol();
  for (const template of ['tpl_1', 'tpl_2', 'tpl_3']) await report('enrol', { result: 'done', template });
  const first = faceTemplatesSchema.parse((await read('/templates?limit=2')).body);
  expect(first.templates.map(({ id }) => id)).toEqual(['tpl_3', 'tpl_2']);
  const second = faceTemplatesSchema.parse((await read(`/templates?limit=2&before=${encodeURIComponent(first.next ?? '')}`)).body);
  expect(second).toMatchObject({ templates: [{ id: 'tpl_1' }], next: null });
  for (const query of ['limit=0', 'limit=201', 'before=x', 'before=1:'])
    expect((await read(`/templates?${query}`)).status, query).toBe(400);
});

it('ends a restriction by one operator, shows it while it lasts, and says no where there is none', async () => {
  const { ada, running } = await rig();
  const olga = await enrolPerson(running, 'olga', { roles: ['security_admin'] });
  await signInToConsole(running, olga);
  const person = (path = '', body?: unknown) => olga.browser.call(`${running.publicUrl}/api/people/${ada}${path}`, body);
  expect((await person('/unrestrict', { reason: REASON })).status).toBe(409);
  await running.restrictions.put({ personId: ada, cause: 'door:no_match', sinceMs: 1, untilMs: 2 });
  await running.people.changeStanding({ personId: ada, to: 'restricted', nowMs: 1 });
  expect((await person()).body).toMatchObject({ person: { standing: 'restricted' }, restriction: { cause: 'door:no_match', untilMs: 2 } });
  expect(await person('/unrestrict', { reason: 'She stood here' })).toMatchObject({ status: 200 });
  expect((await person()).body).toMatchObject({ person: { standing: 'active' }, restriction: null });
  expect((await running.records()).filter(({ type }) => type === 'standing')).toMatchObject([{ to: 'active', operators: [olga.personId] }]);
});

it('shows and alarms while a terminal’s camera is lost, and orders no enrolment of it meanwhile', async () => {
  const { ada, call, enrol, operate, running } = await rig();
  const deviceId = await enrol();
  const seen = async () =>
    faceTerminalsSchema.parse((await operate('')).body).terminals.map(({ camera, isListening }) => ({ camera, isListening }));
  const waiting = call('next', { camera: 'lost' });
  await expect.poll(seen).toEqual([{ camera: 'lost', isListening: true }]);
  for (const kind of ['enrol', 'delete']) await operate(`/${deviceId}/orders`, { kind, personId: ada, reason: REASON });
  expect(terminalTaskSchema.parse((await waiting).body).task).toMatchObject({ kind: 'delete' });
  expect(terminalTaskSchema.parse((await call('next', { camera: 'there' })).body).task).toMatchObject({ kind: 'enrol' });
  expect(await seen()).toEqual([{ camera: 'there', isListening: true }]);
  const alarms = (await running.audit.read({ from: { afterSeq: 0 }, limit: 500, types: ['alarm'] })).map(({ record }) => record);
  expect(alarms).toMatchObject([
    { code: 'face.camera_lost', sourceType: 'reader', sourceId: 'main-in', active: true },
    { code: 'face.camera_lost', active: false },
  ]);
  expect((await call('next', { camera: 'broken' })).status).toBe(400);
});
