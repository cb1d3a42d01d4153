import { expect, it } from 'vitest';
import { createAppSessionTable, DEMO_SESSIONS_MAX } from '#gateway/demo/relying-party-sessions.ts';

const tokens = { access_token: 'a' };
const start = (table: ReturnType<typeof createAppSessionTable>, sub: string, sid?: string): string =>
  table.start({ tokens, claims: { sub }, sub, sid });

it('ends the one session that a logout token names, or all of a person', () => {
  const table = createAppSessionTable();
  const [first, second, other] = [start(table, 'ann', 's1'), start(table, 'ann', 's2'), start(table, 'bob', 's3')];

  table.endWhere({ sub: 'ann', sid: 's1' }, 'x');
  expect([first, second, other].map((id) => table.find(id) !== null)).toEqual([false, true, true]);
  table.endWhere({ sub: 'ann', sid: undefined }, 'x');
  expect([second, other].map((id) => table.find(id) !== null)).toEqual([false, true]);
});

it('tells whoever waits, once', () => {
  const table = createAppSessionTable();
  const session = table.find(start(table, 'ann'));
  if (session === null) throw new Error('not started');
  const reasons: string[] = [];
  table.onEnd(session, (reason) => reasons.push(reason));
  table.onEnd(session, (reason) => reasons.push(`late ${reason}`))();

  table.end(session, 'over');
  table.end(session, 'again');

  expect(reasons).toEqual(['over']);
});

it('keeps as many sessions as its limit; the oldest gives way to one more', () => {
  const table = createAppSessionTable();
  const ids = Array.from({ length: DEMO_SESSIONS_MAX }, (_unused, index) => start(table, String(index)));
  expect(table.find(ids[0] ?? '')).not.toBeNull();

  start(table, 'one more');

  expect(table.find(ids[0] ?? '')).toBeNull();
  expect(table.find(ids[1] ?? '')).not.toBeNull();
});

it('knows why a session was ended, and nothing of one that was left', () => {
  const table = createAppSessionTable();
  const [ended, left] = ['ann', 'bob'].map((sub) => start(table, sub)) as [string, string];
  const [endedSession, leftSession] = [table.find(ended), table.find(left)];
  if (endedSession === null || leftSession === null) throw new Error('not started');

  table.end(endedSession, 'suspended');
  table.end(endedSession, 'something later');
  table.leave(leftSession);

  expect([table.endReasonOf(ended), table.endReasonOf(left)]).toEqual(['suspended', null]);
});

it('keeps as many reasons as its limit; the oldest gives way to one more', () => {
  const table = createAppSessionTable();
  const endOne = (sub: string): string => {
    const id = start(table, sub);
    table.endWhere({ sub, sid: undefined }, 'over');
    return id;
  };
  const ids = Array.from({ length: DEMO_SESSIONS_MAX }, (_unused, index) => endOne(String(index)));
  expect(table.endReasonOf(ids[0] ?? '')).toBe('over');

  endOne('one more');

  expect([table.endReasonOf(ids[0] ?? ''), table.endReasonOf(ids[1] ?? '')]).toEqual([null, 'over']);
});
