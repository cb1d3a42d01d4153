import { describe, expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemorySecretStore } from '#adapters/memory/secret-store.ts';
import { checkLogHead, keepLogHead } from '#gateway/app/audit/log-head.ts';
import type { AuditRecord } from '#gateway/domain/audit/record.ts';

const clock = { nowMs: () => 1_793_700_000_000, monotonicUs: () => 0 };
const record = (detail: string): AuditRecord => ({ type: 'system', occurredAtMs: clock.nowMs(), event: 'started', detail });

async function logOf(...details: readonly string[]) {
  const log = createMemoryAuditLog({ clock });
  for (const detail of details) await log.append(record(detail));
  return log;
}

describe('the head of the log', () => {
  it('is found again in a log that only grew', async () => {
    const secrets = createMemorySecretStore();
    const log = await logOf('a', 'b');
    await keepLogHead({ log, secrets });
    await log.append(record('c'));
    expect(await checkLogHead({ log, secrets })).toBe('whole');
  });

  it('is not asked for when none was ever kept, nor kept of an empty log', async () => {
    const secrets = createMemorySecretStore();
    await keepLogHead({ log: await logOf(), secrets });
    expect(await checkLogHead({ log: await logOf(), secrets })).toBe('whole');
  });

  it.each([
    ['deleted', []],
    ['replaced by an older copy', ['a']],
    ['rewritten', ['a', 'x', 'c']],
  ])('is missed in a log that was %s', async (_, details) => {
    const secrets = createMemorySecretStore();
    await keepLogHead({ log: await logOf('a', 'b'), secrets });
    expect(await checkLogHead({ log: await logOf(...details), secrets })).toBe('rolled_back');
  });
});
