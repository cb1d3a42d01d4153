import { expect, it } from 'vitest';
import { toKeyUseRecord } from '#gateway/app/readers/key-use.ts';
import { auditRecordSchema } from '#gateway/domain/audit/record.ts';

const sources = {
  clock: { nowMs: () => 5, monotonicUs: () => 0 },
  random: { id: (prefix: string) => `${prefix}_1`, bytes: (length: number) => new Uint8Array(length) },
};

it('the record of whoever reads along says who, when, which line and whether cards were shown', () => {
  const use = { tool: 'sniff', place: 'serial:/dev/ttyUSB0', isRevealed: true, userId: 1000 } as const;
  const { id, record } = toKeyUseRecord(use, sources);
  expect([id, auditRecordSchema.parse(record)]).toEqual(['chg_1', record]);
  expect(record).toMatchObject({
    occurredAtMs: 5,
    subjectType: 'reader_key',
    change: 'used',
    operatorId: 'local',
    changes: ['sniff', 'serial:/dev/ttyUSB0', 'cards:shown', 'uid:1000'],
  });
});

it('the longest path fits the record', () => {
  const { record } = toKeyUseRecord({ tool: 'decode', place: `capture:${'x'.repeat(4_096)}`, isRevealed: false, userId: null }, sources);
  expect(auditRecordSchema.safeParse(record).success).toBe(true);
});
