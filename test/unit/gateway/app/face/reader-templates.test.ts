import { expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { ReaderTemplates } from '#gateway/app/face/reader-templates.ts';
import type { AuthorizeOperator } from '#gateway/app/access/types.ts';
import type { PersonId, ReaderId } from '#gateway/domain/site/ids.ts';
import type { Reader } from '#gateway/domain/site/site.ts';
import type { ReaderEnrolment } from '#gateway/ports/face-point.ts';
import { samplePerson } from '#test/support/sample-input.ts';

const FRONT = 'front-in' as ReaderId;
const biometrics = { type: 3, format: 2, qualityMin: 0, scores: { standard: 150, high: 200 }, liveness: 'none' } as const;
const command = { operator: { id: 'usr_op' as PersonId } as never, reason: 'Form signed' };

async function rig({ effect = 'permit', enrolment = { ok: true } }: { effect?: 'permit' | 'deny'; enrolment?: ReaderEnrolment } = {}) {
  const clock = { nowMs: () => 1_000, monotonicUs: () => 0 };
  const { people, readerTemplates: templates } = createMemoryStores();
  const audit = createMemoryAuditLog({ clock });
  await people.save(samplePerson);
  const keep = async (personId: PersonId, expiresAtMs = 9_000): Promise<void> =>
    templates.save({ personId, type: 3, format: 2, enrolledAtMs: 1, expiresAtMs }, Uint8Array.of(1));
  const asked: string[] = [];
  const desk = new ReaderTemplates({
    sites: { reader: (id) => (id === FRONT ? ({ id, biometrics } as Reader) : undefined) },
    people,
    templates,
    faces: {
      enrolAtReader: async ({ personId }) => {
        asked.push(personId);
        if (enrolment.ok) await keep(personId);
        return enrolment;
      },
    },
    // As much of a decision as is looked at here.
    authorizeOperator: (async ({ action }) => {
      asked.push(action);
      return { effect };
    }) as AuthorizeOperator,
    audit,
    clock,
  });
  const causes = async () =>
    (await audit.read({ from: { afterSeq: 0 }, limit: 100 })).flatMap(({ record }) =>
      record.type === 'credential' ? [`${record.event} ${record.cause}`] : [],
    );
  return { desk, people, templates, audit, asked, keep, causes };
}

it('scans a person when an operator may enrol, and says in the log how it ended', async () => {
  const { asked, causes, desk } = await rig();
  expect(await desk.enrol(command, { personId: samplePerson.id, readerId: FRONT })).toEqual({ ok: true, enrolment: { ok: true } });
  expect(asked).toEqual(['person.enrol', samplePerson.id]);
  expect(await causes()).toEqual(['enrolled reader_scan:done']);
  expect(await desk.ofPerson(samplePerson.id)).toHaveLength(1);
});

it('scans nobody for an operator who may not, at a reader that does not compare, or who is not known', async () => {
  const { asked, desk } = await rig({ effect: 'deny' });
  const at = { personId: samplePerson.id, readerId: FRONT };
  expect(await desk.enrol(command, at)).toMatchObject({ ok: false });
  await expect(desk.enrol(command, { ...at, readerId: 'side-in' as ReaderId })).rejects.toMatchObject({ code: 'resource.unknown' });
  await expect(desk.enrol(command, { ...at, personId: 'usr_none' as PersonId })).rejects.toMatchObject({ code: 'resource.unknown' });
  expect(await desk.forget(command, samplePerson.id)).toMatchObject({ ok: false });
  expect(asked).not.toContain(samplePerson.id);
});

it('lists by name whom a reader can compare, and nobody at one that compares nothing', async () => {
  const { desk, keep } = await rig();
  await keep(samplePerson.id);
  await keep('usr_0_gone' as PersonId);
  const page = { after: null, limit: 10 };
  expect(await desk.ofReader(FRONT, page)).toMatchObject([
    { personId: 'usr_0_gone', personName: null },
    { personId: samplePerson.id, personName: samplePerson.displayName, expiresAtMs: 9_000 },
  ]);
  await expect(desk.ofReader('side-in' as ReaderId, page)).rejects.toMatchObject({ code: 'resource.unknown' });
});

it('keeps no template that the log does not know', async () => {
  const { audit, desk, templates } = await rig();
  audit.append = () => Promise.reject(new Error('the disk is full'));
  await expect(desk.enrol(command, { personId: samplePerson.id, readerId: FRONT })).rejects.toThrow();
  expect(await templates.persons()).toEqual([]);
});

it('deletes what is kept when the person says so, when they leave, and when it was missed', async () => {
  const { causes, desk, keep, people, templates, audit } = await rig();
  await keep(samplePerson.id);
  expect(await desk.forget(command, samplePerson.id)).toEqual({ ok: true, removed: 1 });
  expect(await desk.forget(command, samplePerson.id)).toEqual({ ok: true, removed: 0 });

  const end = desk.followLeavers(() => expect.fail());
  await keep(samplePerson.id);
  const standing = { type: 'standing', occurredAtMs: 1, personId: samplePerson.id, from: 'active', reason: 'left', epoch: 1 } as const;
  await audit.append({ ...standing, to: 'suspended', operators: ['usr_op'], decisionId: null });
  expect(await templates.persons()).toEqual([samplePerson.id]);
  await audit.append({ ...standing, to: 'departed', operators: ['usr_op'], decisionId: null });
  await expect.poll(() => templates.persons()).toEqual([]);
  await keep(samplePerson.id);
  const removed = {
    type: 'directory_change',
    occurredAtMs: 1,
    subjectType: 'person',
    subjectId: samplePerson.id,
    change: 'removed',
  } as const;
  const unchanged = { changeId: 'chg_1', changes: [], digestBefore: null, digestAfter: null, operatorId: 'usr_op' };
  await audit.append({ ...removed, ...unchanged, personId: samplePerson.id });
  await expect.poll(() => templates.persons()).toEqual([]);
  end();

  await keep('usr_gone' as PersonId);
  await keep(samplePerson.id);
  expect(await desk.sweep()).toBe(1);
  await people.changeStanding({ personId: samplePerson.id, to: 'departed', nowMs: 1 });
  expect(await desk.sweep()).toBe(1);
  await keep(samplePerson.id, 1_000);
  expect(await desk.sweep()).toBe(1);
  expect(await templates.persons()).toEqual([]);
  expect(new Set(await causes())).toEqual(new Set(['revoked reader_templates:deleted', 'revoked reader_templates:departed']));
});
