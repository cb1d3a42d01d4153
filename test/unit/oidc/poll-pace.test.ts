import { expect, it } from 'vitest';
import { createPollPace, POLL_INTERVAL_S, POLLED_REQUESTS_MAX, POLLS_AT_ONCE_MAX } from '#gateway/oidc/limits/poll-pace.ts';

function start() {
  let nowMs = 0;
  const pace = createPollPace({ nowMs: () => nowMs });
  return { pace, wait: (seconds: number) => void (nowMs += seconds * 1_000) };
}

const poll = (pace: ReturnType<typeof createPollPace>, count: number) => Array.from({ length: count }, () => pace.isTooFast('code'));

it('takes as many polls at once as its most and no more', () => {
  const { pace } = start();
  expect(poll(pace, POLLS_AT_ONCE_MAX + 1)).toEqual([...Array.from({ length: POLLS_AT_ONCE_MAX }, () => false), true]);
});

it('takes one each interval for ever', () => {
  const { pace, wait } = start();
  poll(pace, POLLS_AT_ONCE_MAX);
  for (let index = 0; index < 100; index += 1) {
    wait(POLL_INTERVAL_S);
    expect(pace.isTooFast('code')).toBe(false);
  }
});

it('wants five seconds more after each time it said so', () => {
  const { pace, wait } = start();
  poll(pace, POLLS_AT_ONCE_MAX + 1);
  wait(POLL_INTERVAL_S);
  expect(pace.isTooFast('code')).toBe(true);
  wait(3 * POLL_INTERVAL_S);
  expect(pace.isTooFast('code')).toBe(false);
});

it('remembers as many requests as its most and forgets the oldest', () => {
  const { pace } = start();
  poll(pace, POLLS_AT_ONCE_MAX + 1);
  for (let index = 1; index < POLLED_REQUESTS_MAX; index += 1) pace.isTooFast(`other-${String(index)}`);
  expect(pace.isTooFast('code')).toBe(true);
  pace.isTooFast('one more');
  expect(pace.isTooFast('code')).toBe(false);
});
