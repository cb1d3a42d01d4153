import { describe, expect, it } from 'vitest';
import { CONSENT } from '#admin-ui/src/shared/faces/consent-words.ts';
import { outcomeIn } from '#admin-ui/src/shared/faces/enrolment-outcome.ts';
import { describeTemplate, remedyOf } from '#admin-ui/src/shared/faces/template-words.ts';
import { traitName } from '#admin-ui/src/shared/faces/trait-words.ts';
import type { Entry } from '#gateway/http/contract/admin.ts';
import type { FaceTemplateRow } from '#gateway/http/contract/face.ts';

const NOW_MS = 1_000_000;
const kept: FaceTemplateRow = {
  id: 'tpl_1',
  personId: 'usr_ann',
  personName: 'Ann',
  deviceId: 'fdv_1',
  storage: 'carried',
  packHash: 'a'.repeat(64),
  isOfOtherPack: false,
  enrolledAtMs: 1,
  expiresAtMs: NOW_MS + 1,
  deletionOrderedAtMs: null,
  status: 'kept',
  endedAtMs: null,
  hasReceipt: false,
};

it('quotes the consent word for word as the terminal shows it', async () => {
  // The page's own file, which has no types.
  const page = new URL('../../../face-model/terminal/page/texts/en.js', import.meta.url).href;
  const { texts } = (await import(page)) as { readonly texts: Readonly<Record<string, string>> };
  expect(CONSENT).toEqual({ carried: texts['consent_carried'], terminal: texts['consent'] });
});

describe('the standing of a face', () => {
  it.each<[Partial<FaceTemplateRow>, string]>([
    [{}, 'In use'],
    [{ expiresAtMs: NOW_MS }, 'Expired'],
    [{ isOfOtherPack: true }, 'Of an earlier pack'],
    [{ deletionOrderedAtMs: 2 }, 'Key to be destroyed'],
    [{ deletionOrderedAtMs: 2, storage: 'terminal' }, 'To be deleted'],
    [{ status: 'deleted' }, 'Key destroyed'],
    [{ status: 'deleted', storage: 'terminal' }, 'Deleted'],
    [{ status: 'replaced' }, 'Enrolled anew since'],
  ])('of %j is %s', (change, label) => {
    expect(describeTemplate({ ...kept, ...change }, NOW_MS).label).toBe(label);
  });

  it('names what is to be done where a terminal is revoked or has not signed, and nothing for what is over', () => {
    const remedy = (change: Partial<FaceTemplateRow>, isRevoked = false) => remedyOf({ ...kept, ...change }, { nowMs: NOW_MS, isRevoked });
    expect(remedy({})).toBeNull();
    expect(remedy({ storage: 'terminal' }, true)).toMatch(/Wipe the machine/);
    expect(remedy({}, true)).toBeNull();
    expect(remedy({ storage: 'terminal', deletionOrderedAtMs: 2 })).toMatch(/not signed/);
    expect(remedy({ status: 'deleted', storage: 'terminal' }, true)).toBeNull();
  });
});

describe('what came of an enrolment', () => {
  const entry = (seq: number, cause: string, kind = 'face_template') =>
    ({ seq, record: { type: 'credential', kind, cause } }) as unknown as Entry;

  it.each([
    ['enrol:done', 'done'],
    ['enrol:refused', 'refused'],
    ['enrol:failed', 'failed'],
    ['enrol:nothing_there', null],
    ['delete:done', null],
  ])('is read from %s', (cause, outcome) => {
    expect(outcomeIn([entry(8, cause)], 7)).toBe(outcome);
  });

  it('is of this order, of a face, and the first of them', () => {
    expect(outcomeIn([entry(7, 'enrol:done')], 7)).toBeNull();
    expect(outcomeIn([entry(8, 'enrol:done', 'passkey')], 7)).toBeNull();
    expect(outcomeIn([entry(9, 'enrol:done'), entry(8, 'enrol:refused')], 7)).toBe('refused');
  });
});

it('names what a reader scans, and a number that it does not know', () => {
  expect([traitName(1), traitName(10), traitName(15), traitName(200)]).toEqual([
    'right thumb',
    'left little finger',
    'full face',
    'trait of type 200',
  ]);
});
