import { describe, expect, it } from 'vitest';
import type { FaceTools, TerminalRun } from '#gateway/cli/face-tools.ts';
import { runCommand } from '#test/support/cli-run.ts';

async function run(...args: readonly string[]) {
  const asked: Partial<TerminalRun>[] = [];
  const unexpected = () => Promise.reject(new Error('not of a terminal'));
  const face: FaceTools = {
    preparePack: unexpected,
    evaluate: unexpected,
    enrolTerminal: ({ folder, packFolder }) => {
      asked.push({ folder, packFolder });
      return Promise.resolve({ deviceId: 'fdv_1', readerId: 'main-in', doorId: 'main', label: 'Main' });
    },
    runTerminal: (request) => {
      asked.push(request);
      request.onPage('http://127.0.0.1:7420/#token');
      return Promise.resolve();
    },
  };
  return { ...(await runCommand(['terminal', ...args], { cwd: '/work-folder', tools: { face } })), asked };
}

describe('gatehouse terminal', () => {
  it('makes this machine a terminal and says which', async () => {
    const { asked, exitCode, out } = await run('enrol', 'https://gate.example.com', 'CODE', '--pack', '/packs/default');
    expect(exitCode).toBe(0);
    expect(out).toContain('Main (fdv_1), at reader main-in, door main');
    expect(asked).toEqual([{ folder: '/work-folder/face-terminal', packFolder: '/packs/default' }]);
  });

  it('runs with a movement asked every time, unless told otherwise, and says where the page is', async () => {
    const { asked, out } = await run('run');
    expect(asked).toMatchObject([{ needs: 'active', port: 7_420, acknowledgesLicence: false, camera: null }]);
    expect(out).toContain('http://127.0.0.1:7420/#token');
    expect((await run('run', '--camera', 'ffmpeg -f v4l2')).asked).toMatchObject([{ camera: 'ffmpeg -f v4l2' }]);
    expect((await run('run', '--liveness', 'passive', '--port', '0')).asked).toMatchObject([{ needs: 'passive', port: 0 }]);
  });

  it.each([
    ['run', '--liveness', 'none'],
    ['run', '--port', '65536'],
    ['copy-face', 'fdv_1', 'usr_ann'],
  ])('refuses %s %s %s', async (...args) => {
    const { asked, exitCode } = await run(...args);
    expect(exitCode).toBe(2);
    expect(asked).toEqual([]);
  });
});
