import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { CliTools } from '#gateway/cli/cli-context.ts';
import { runCommand } from '#test/support/cli-run.ts';
import { SAMPLE_CONFIG_FILE } from '#test/support/sample-config-file.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

async function pin(
  input: string,
  args: readonly string[] = [],
  answer: Awaited<ReturnType<CliTools['setPin']>> = { ok: true, isNew: true },
) {
  const cwd = await temporaryFolder();
  writeFileSync(join(cwd, 'gatehouse.yaml'), stringify(SAMPLE_CONFIG_FILE));
  const asked: unknown[] = [];
  const setPin: CliTools['setPin'] = (_config, person, pins) => {
    asked.push({ person, ...pins });
    return Promise.resolve(answer);
  };
  const run = await runCommand(['pin', 'set', 'ann', ...args], { cwd, readInput: () => Promise.resolve(input), tools: { setPin } });
  return { ...run, asked };
}

describe('gatehouse pin set', () => {
  it('takes the PIN twice from standard input and never shows it', async () => {
    const { exitCode, out, err, asked } = await pin('5806\n5806\n');
    expect(exitCode).toBe(0);
    expect(asked).toEqual([{ person: 'ann', pin: '5806', duressPin: null }]);
    expect(out + err).not.toContain('5806');
  });

  it('takes a duress PIN beside it when it is asked to', async () => {
    expect((await pin('5806\n5806\n6194\n6194\n', ['--duress'])).asked).toEqual([{ person: 'ann', pin: '5806', duressPin: '6194' }]);
    expect(await pin('5806\n5806\n', ['--duress'])).toMatchObject({ exitCode: 2, asked: [] });
  });

  it('stores nothing when the two entries differ, or when there is none', async () => {
    expect(await pin('5806\n5807\n')).toMatchObject({ exitCode: 2, asked: [] });
    expect(await pin('')).toMatchObject({ exitCode: 2, asked: [] });
  });

  it('takes no PIN on the command line', async () => {
    expect(await pin('5806\n5806\n', ['5806'])).toMatchObject({ exitCode: 2, asked: [] });
  });

  it('says why a PIN is refused', async () => {
    const { exitCode, err } = await pin('1234\n1234\n', [], { ok: false, code: 'counting', of: 'pin' });
    expect(exitCode).toBe(1);
    expect(err).toMatch(/counts/);
  });

  it('asks at a terminal', async () => {
    const cwd = await temporaryFolder();
    writeFileSync(join(cwd, 'gatehouse.yaml'), stringify(SAMPLE_CONFIG_FILE));
    const questions: string[] = [];
    const { exitCode } = await runCommand(['pin', 'set', 'ann'], {
      cwd,
      askSecretly: (question) => {
        questions.push(question);
        return Promise.resolve('5806');
      },
      tools: { setPin: () => Promise.resolve({ ok: true, isNew: false }) },
    });
    expect(exitCode).toBe(0);
    expect(questions).toEqual(['PIN: ', 'PIN again: ']);
  });
});
