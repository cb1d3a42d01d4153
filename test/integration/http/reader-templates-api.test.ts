import { afterEach, expect, it } from 'vitest';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { enrolledAtReaderSchema, readerScannedSchema, readerTemplatesDeletedSchema } from '#gateway/http/contract/reader-templates.ts';
import type { ReaderEnrolment } from '#gateway/ports/face-point.ts';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';
import { noFacePoint } from '#test/support/face/no-face-point.ts';
import { enrolPerson, signInToConsole } from '#test/support/oidc/sign-in.ts';

let gateway: HttpGateway | null = null;
afterEach(async () => gateway?.close());

const REASON = 'The form was signed today';

async function rig(enrolment: ReaderEnrolment = { ok: true }, role = 'security_admin') {
  const running = await startHttpGateway({
    clients: [],
    faces: {
      ...noFacePoint,
      enrolAtReader: async ({ personId }) => {
        if (enrolment.ok) await keep(personId);
        return enrolment;
      },
    },
  });
  gateway = running;
  const keep = (personId: string) =>
    running.readerTemplates.save(
      { personId: personId as PersonId, type: 2, format: 2, enrolledAtMs: 1_000, expiresAtMs: Date.now() + 60_000 },
      Uint8Array.of(1),
    );
  const admin = await enrolPerson(running, 'ada', { roles: [role] });
  await signInToConsole(running, admin);
  const call = (path: string, body?: unknown) => admin.browser.call(`${running.publicUrl}/api/face${path}`, body);
  return { ada: admin.personId, call, keep };
}

it('scans a person who agreed, shows whom the reader can compare, and deletes it', async () => {
  const { ada, call } = await rig();
  const path = '/readers/servers-door-in/templates';
  expect((await call(path, { personId: ada, agreed: false, reason: REASON })).status).toBe(400);
  const scanned = await call(path, { personId: ada, agreed: true, reason: REASON });
  expect(readerScannedSchema.parse(scanned.body)).toEqual({ result: 'done' });
  const { next, people } = enrolledAtReaderSchema.parse((await call(path)).body);
  expect({ next, people }).toMatchObject({ next: null, people: [{ personId: ada, enrolledAtMs: 1_000 }] });
  expect(people[0]?.personName).not.toBeNull();
  const deleted = await call(`/people/${ada}/reader-templates/delete`, { reason: REASON });
  expect(readerTemplatesDeletedSchema.parse(deleted.body)).toEqual({ removed: 1 });
  expect(enrolledAtReaderSchema.parse((await call(path)).body).people).toEqual([]);
});

it('says how a scan ended that gave nothing', async () => {
  const { ada, call } = await rig({ ok: false, code: 'unusable' });
  const scanned = await call('/readers/servers-door-in/templates', { personId: ada, agreed: true, reason: REASON });
  expect(scanned).toMatchObject({ status: 200, body: { result: 'unusable' } });
  expect(enrolledAtReaderSchema.parse((await call('/readers/servers-door-in/templates')).body).people).toEqual([]);
});

it('pages through the people of a reader, and refuses what is no page', async () => {
  const { call, keep } = await rig();
  for (const id of ['usr_1', 'usr_2', 'usr_3']) await keep(id);
  const page = async (query: string) => enrolledAtReaderSchema.parse((await call(`/readers/servers-door-in/templates?${query}`)).body);
  const first = await page('limit=2');
  expect(first).toMatchObject({ people: [{ personId: 'usr_1', personName: null }, { personId: 'usr_2' }], next: 'usr_2' });
  expect(await page(`limit=2&after=${first.next ?? ''}`)).toMatchObject({ people: [{ personId: 'usr_3' }], next: null });
  for (const query of ['limit=0', 'limit=201', 'after=', 'before=x'])
    expect((await call(`/readers/servers-door-in/templates?${query}`)).status, query).toBe(400);
});

it('knows nobody at a reader that compares nothing, and shows nothing to whoever has no role', async () => {
  const { call } = await rig();
  for (const reader of ['main-in', 'nowhere']) expect((await call(`/readers/${reader}/templates`)).status, reader).toBe(404);
  await gateway?.close();
  const employee = await rig({ ok: true }, 'employee');
  expect((await employee.call('/readers/servers-door-in/templates')).status).toBe(403);
});
