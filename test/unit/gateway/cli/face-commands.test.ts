import { describe, expect, it } from 'vitest';
import type { FaceTools } from '#gateway/cli/face-tools.ts';
import type { EvalReport } from '#gateway/domain/face/eval-report.ts';
import { runCommand } from '#test/support/cli-run.ts';

const share = (value: number) => ({ value, low: 0, high: 1 });
const summary = { pairs: 4, failures: 1, accuracy: 0.75, bestThreshold: 0.3, eer: 0.25, tar_at_far_1e2: 0.5, tar_at_far_1e3: 0.5 };
const REPORT: EvalReport = {
  pack: { id: 'default', hash: 'a'.repeat(64) },
  verification: {
    ...summary,
    crossValidated: { mean: 0.7, deviation: 0.1 },
    thresholds: [{ threshold: 0.34, fmr: share(0.1), fnmr: share(0.2) }],
    roc: [{ threshold: 0.3, fmr: 0.25, fnmr: 0.25 }],
    groups: { older: summary },
  },
  presentation: [{ threshold: 0.2, apcer: { print: share(0.3) }, apcerMax: 0.3, bpcer: share(0.05) }],
};

async function run(args: readonly string[], evaluate: FaceTools['evaluate'] = () => Promise.resolve(REPORT)) {
  const unexpected = () => Promise.reject(new Error('no terminal takes part'));
  const preparePack = (folder: string) => Promise.resolve(`hash of ${folder}`);
  const face: FaceTools = { preparePack, evaluate, enrolTerminal: unexpected, runTerminal: unexpected };
  return runCommand(['face', ...args], { cwd: '/work-folder', tools: { face } });
}

describe('gatehouse face', () => {
  it('prepares the pack where it is told, below the folder it runs in', async () => {
    expect(await run(['pack', '--json'])).toMatchObject({ exitCode: 0, out: expect.stringContaining('/work-folder/face-pack') as string });
    expect((await run(['pack', '/elsewhere'])).out).toContain('/elsewhere');
  });

  it('says error rates with their intervals, by threshold, group and kind of attack', async () => {
    const { exitCode, out } = await run(['eval', 'faces']);
    expect(exitCode).toBe(0);
    expect(out).toContain('4 pairs, 1 without a usable face: accuracy 75.00 %, EER 25.00 %');
    expect(out).toContain('at 0.34: FMR 10.00 % (0.00 % to 100.00 %), FNMR 20.00 %');
    expect(out).toContain('older: 4 pairs');
    expect(out).toContain('print: APCER 30.00 %');
    expect(out).toContain('liveness at 0.20: BPCER 5.00 %');
  });

  it('prints one line of JSON with the agreed names', async () => {
    const { out } = await run(['eval', 'faces', '--json']);
    expect(JSON.parse(out)).toMatchObject({ pairs: 4, accuracy: 0.75, eer: 0.25, tar_at_far_1e3: 0.5, pack: { id: 'default' } });
  });

  it('says what is missing', async () => {
    const { out } = await run(['eval', 'faces'], () => Promise.resolve({ ...REPORT, verification: null }));
    expect(out).toContain('no pairs.csv');
  });
});
