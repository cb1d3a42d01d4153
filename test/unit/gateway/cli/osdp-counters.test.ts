import { describe, expect, it } from 'vitest';
import { LINE_COUNTER_KINDS, LINE_COUNTER_TEXTS } from '#gateway/domain/readers/line-counter-text.ts';
import { explainLineCounts } from '#gateway/http/contract/line-counters.ts';
import { runCommand } from '#test/support/cli-run.ts';
import { serveFakeApi } from '#test/support/fake-control-api.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const lines = [
  {
    busId: 'bus-1',
    sentFrames: 100,
    receivedFrames: 98,
    counts: { noise_bytes: 12, late_reply: 3 },
    readers: [
      { readerId: 'front', counts: { late_reply: 3 } },
      { readerId: 'vault', counts: {} },
    ],
  },
  { busId: 'bus-2', sentFrames: 5, receivedFrames: 5, counts: {}, readers: [] },
];

async function run(...args: readonly string[]) {
  const api = await serveFakeApi({ 'GET /api/reader-lines': { body: { lines } } }, 0);
  const env = { GATEHOUSE_URL: api.url, GATEHOUSE_TOKEN: 'token' };
  return runCommand(['osdp', 'counters', ...args], { cwd: await temporaryFolder(), env });
}

describe('gatehouse osdp counters', () => {
  it('tells what each line threw away, whose it was, what it means and what to do', async () => {
    const { exitCode, out } = await run();
    expect(exitCode).toBe(0);
    expect(out).toContain('bus-1: 100 frames sent, 98 received\n');
    expect(out).toMatch(/ 12 Noise bytes\n.*check cable/);
    expect(out).toMatch(/ 3 Late answer \(front 3\)\n/);
    expect(out).toContain('bus-2: 5 frames sent, 5 received, nothing thrown away');
  });

  it('prints what the gateway says of one line, with --json', async () => {
    const { exitCode, out } = await run('--line', 'bus-2', '--json');
    expect([exitCode, JSON.parse(out)]).toEqual([0, { lines: [lines[1]] }]);
  });

  it('refuses a line that is not there', async () => {
    const { exitCode, err } = await run('--line', 'bus-9');
    expect([exitCode, err]).toEqual([1, expect.stringContaining('there is no line bus-9')]);
  });
});

it('every kind of count has words that say what it is and what to do', () => {
  for (const kind of LINE_COUNTER_KINDS) {
    const { label, meaning, remedy } = LINE_COUNTER_TEXTS[kind];
    expect([label.length > 3, meaning.endsWith('.'), remedy.endsWith('.')]).toEqual([true, true, true]);
  }
  expect(explainLineCounts({ late_reply: 0, foreign: 2 })).toEqual([
    { kind: 'foreign', count: 2, isByReader: false, ...LINE_COUNTER_TEXTS.foreign },
  ]);
});
