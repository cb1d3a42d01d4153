import { beforeEach, describe, expect, it } from 'vitest';
import { createImportFollower, IMPORT_DONE, type ImportFollower } from '#gateway/app/people/follow-imports.ts';
import type { DirectoryChangeRecord } from '#gateway/domain/audit/change-records.ts';

const DONE = { type: 'system', occurredAtMs: 2, ...IMPORT_DONE } as const;
const change = (personId: string | null, kind: DirectoryChangeRecord['change'] = 'replaced'): DirectoryChangeRecord => ({
  type: 'directory_change',
  occurredAtMs: 1,
  changeId: 'chg_1',
  subjectType: personId === null ? 'profile' : 'person',
  subjectId: personId ?? 'everyday',
  personId,
  change: kind,
  changes: [],
  digestBefore: null,
  digestAfter: null,
  operatorId: 'local',
});

describe('an import beside the gateway', () => {
  let follower: ImportFollower;
  let asked: string[];
  const ask = async (personId: string, cause: string): Promise<number> => asked.push(`${personId} ${cause}`);

  beforeEach(() => {
    follower = createImportFollower();
    asked = [];
  });

  it('is asked about when it is done, each person once, and newcomers not at all', async () => {
    for (const record of [change('ann'), change('ann'), change(null), change('new', 'added'), change('bob', 'removed')])
      follower.take(record);
    await follower.settle(ask);
    expect(asked).toEqual([]);
    follower.take(DONE);
    await follower.settle(ask);
    await follower.settle(ask);
    expect(asked).toEqual(['ann directory:import', 'bob directory:import']);
  });

  it('is not done by what else is configured', async () => {
    follower.take(change('ann'));
    follower.take({ ...DONE, detail: 'grants 3' });
    await follower.settle(ask);
    expect(asked).toEqual([]);
  });

  it('that ended in the middle is asked about at the start', async () => {
    follower.take(change('ann'));
    await follower.settle(ask, 'all');
    expect(asked).toEqual(['ann directory:import']);
  });

  it('goes on where one cannot be asked about', async () => {
    for (const record of [change('ann'), change('bob'), DONE]) follower.take(record);
    await follower.settle((personId, cause) => (personId === 'ann' ? Promise.reject(new Error('away')) : ask(personId, cause)));
    expect(asked).toEqual(['bob directory:import']);
  });
});
