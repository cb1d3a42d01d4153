import { describe, expect, it } from 'vitest';
import type { Entry } from '#gateway/http/contract/admin.ts';
import { afterText, followUpTexts } from '#admin-ui/src/shared/log/follow-up-texts.ts';
import { decision } from '#test/support/console/fake-data.ts';

type Record_ = Entry['record'];
type Outcome = Extract<Record_, { readonly type: 'outcome' }>['outcome'];

const entryOf = (record: Record_, index = 0): Entry => ({ seq: index + 1, arrivedAtMs: 0, hash: 'h', record });
const permit: Record_ = { ...decision('d1', {}), occurredAtMs: 1_000 };
const textsOf = (...records: readonly Record_[]) => followUpTexts({ entry: entryOf(permit), followUps: records.map(entryOf) });
const wordsOf = (...records: readonly Record_[]) => textsOf(...records).map(({ text }) => text);

const door = (cause: string, afterMs: number, contact: 'open' | 'closed', lock: 'locked' | 'unlocked' = 'unlocked'): Record_ => ({
  type: 'door_state',
  occurredAtMs: 1_000 + afterMs,
  cause,
  decisionId: null,
  state: { doorId: 'dor_main', contact, lock, mode: 'secure', forced: false, openTooLong: false, tamper: false, fault: 'none' },
});
const outcome = (name: Outcome): Record_ => ({
  type: 'outcome',
  occurredAtMs: 1_000,
  decisionId: 'd1',
  resourceId: 'dor_main',
  personId: 'usr_ada',
  outcome: name,
  detail: '',
});
const inside: Record_ = {
  type: 'presence',
  occurredAtMs: 1_000,
  personId: 'usr_ada',
  state: 'inside',
  siteId: 'sit_harbour',
  areaId: 'are_lobby',
  confidence: 'high',
  cause: 'badge_entry',
  decisionId: 'd1',
};

describe('followUpTexts', () => {
  it('says when the door was opened, and adds when it was closed', () => {
    const opened = [outcome('unlocked'), door('released', 10, 'closed'), door('contact', 1_200, 'open')];
    expect(wordsOf(...opened)).toEqual(['opened after 1.2 s']);
    expect(wordsOf(...opened, door('contact', 4_000, 'closed'))).toEqual(['opened after 1.2 s, closed after 4.0 s']);
  });

  it('says unlocked once, and that the door locked again when nobody opened it', () => {
    expect(wordsOf(outcome('unlocked'), door('released', 10, 'closed'))).toEqual(['unlocked']);
    expect(wordsOf(door('released', 10, 'closed'), door('output', 5_000, 'closed', 'locked'), outcome('not_entered'))).toEqual([
      'unlocked, locked again after 5.0 s',
      'not entered',
    ]);
  });

  it('says that a door was opened more than once', () => {
    const moves = [door('contact', 500, 'open'), door('contact', 900, 'closed'), door('contact', 1_500, 'open')];
    expect(wordsOf(...moves)).toEqual(['opened 2 times, first after 0.5 s']);
  });

  it('says entered, not also that the person is now inside', () => {
    expect(wordsOf(outcome('entered'), inside)).toEqual(['entered']);
    expect(wordsOf(inside)).toEqual(['now inside']);
  });

  it('marks what was permitted but not carried out', () => {
    expect(textsOf(outcome('unlock_failed'))).toEqual([{ text: 'unlock failed', failed: true }]);
    expect(textsOf(outcome('withheld'))).toEqual([{ text: 'withheld', failed: true }]);
  });
});

describe('afterText', () => {
  it.each([
    [-3, 'at once'],
    [240, 'after 0.2 s'],
    [12_300, 'after 12 s'],
    [180_000, 'after 3 min'],
  ])('writes %i ms as %s', (ms, text) => expect(afterText(ms)).toBe(text));
});
