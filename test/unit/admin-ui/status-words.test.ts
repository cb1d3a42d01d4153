import { describe, expect, it } from 'vitest';
import type { Status } from '#gateway/http/contract/admin.ts';
import { doorNodeWords } from '#admin-ui/src/app/door-node-words.ts';
import { sessionCountText } from '#admin-ui/src/features/people/session-count-text.ts';
import type { LiveSnapshot } from '#admin-ui/src/shared/live/live-feed.ts';
import { notKnownSince, notKnownText } from '#admin-ui/src/shared/live/not-known.ts';
import { operatorName } from '#admin-ui/src/shared/log/operator-name.ts';

const status: Status = {
  policyRevision: 'p',
  dataRevision: 'd',
  epoch: 7,
  headSeq: 1,
  doorNode: 'online',
  doorNodeEpoch: 7,
  startedAtMs: 0,
};
const snapshot = (connection: LiveSnapshot['connection'], seenAtMs = 5): LiveSnapshot => ({
  connection,
  seenAtMs,
  entries: [],
  headSeq: 1,
});

describe('doorNodeWords', () => {
  it('says online only of a node that is heard and has confirmed every suspension', () => {
    expect(doorNodeWords(status, null)).toEqual({ state: 'online', text: 'Door node online' });
  });

  it('says in words that the node is behind, without numbers', () => {
    const { state, text } = doorNodeWords({ ...status, doorNodeEpoch: 6 }, null);
    expect(state).toBe('behind');
    expect(text).toBe('The door node has not yet confirmed the last suspension or reinstatement');
  });

  it('says that the node is lost', () => {
    expect(doorNodeWords({ ...status, doorNode: 'lost' }, null).state).toBe('lost');
  });

  it('claims nothing while the live connection is down or the status cannot be read', () => {
    expect(doorNodeWords(status, 'not known since 12:00:00')).toEqual({
      state: 'unknown',
      text: 'Door node, policy and log not known since 12:00:00',
    });
    expect(doorNodeWords(null, null).state).toBe('unknown');
  });
});

describe('notKnownSince', () => {
  it.each(['lost', 'refused'] as const)('is when the line was last heard, once it is %s', (connection) => {
    expect(notKnownSince(snapshot(connection))).toBe(5);
  });

  it.each(['live', 'connecting'] as const)('is null while the line is %s', (connection) => {
    expect(notKnownSince(snapshot(connection))).toBeNull();
  });
});

describe('notKnownText', () => {
  it('names the time down to the second', () => {
    const noonMs = new Date(2026, 0, 5, 12, 3, 4).getTime();
    expect(notKnownText(noonMs, noonMs + 60_000)).toMatch(/^not known since 12:03:04$/);
  });

  it('names no time for a line that never was', () => {
    expect(notKnownText(0, 1)).toBe('not known');
  });
});

describe('sessionCountText', () => {
  it.each([
    [0, 'No live session is open'],
    [1, '1 live session ends'],
    [3, '3 live sessions end'],
  ])('counts %i', (count, text) => expect(sessionCountText(count)).toBe(text));
});

describe('operatorName', () => {
  it('calls the operator of the control socket the host’s owner, and everybody else by name', () => {
    expect(operatorName('local', 'local')).toBe('The host’s owner');
    expect(operatorName('usr_ada', 'Ada Okafor')).toBe('Ada Okafor');
  });
});
