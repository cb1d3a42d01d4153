import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDataDir } from '#gateway/platform/site-kind.ts';

let root: string;
let dataDir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'site-kind-'));
  dataDir = join(root, 'data');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const refusal = (text: RegExp): unknown =>
  expect.objectContaining({ code: 'config.invalid', publicMessage: expect.stringMatching(text) as string });

describe('claiming the data folder', () => {
  it.each(['demo', 'configured'] as const)('marks a new folder as %s for its owner alone, and takes it again', (kind) => {
    claimDataDir(dataDir, kind);
    claimDataDir(dataDir, kind);
    expect(readdirSync(dataDir)).toEqual(['site-kind']);
    expect(readFileSync(join(dataDir, 'site-kind'), 'utf8')).toBe(`${kind}\n`);
    expect(statSync(join(dataDir, 'site-kind')).mode & 0o777).toBe(0o600);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  });

  it('refuses a configured site in the folder of the demo', () => {
    claimDataDir(dataDir, 'demo');
    expect(() => claimDataDir(dataDir, 'configured')).toThrow(
      refusal(/^data_dir: .* holds the demo site.*Name another folder with data_dir/),
    );
  });

  it('refuses the demo in the folder of a configured site', () => {
    claimDataDir(dataDir, 'configured');
    expect(() => claimDataDir(dataDir, 'demo')).toThrow(refusal(/^data_dir: .* holds a configured site.*GATEHOUSE_DATA_DIR/));
  });

  it('takes a folder without a mark for a configured site', () => {
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'records.db'), '');
    claimDataDir(dataDir, 'configured');
    expect(readFileSync(join(dataDir, 'site-kind'), 'utf8')).toBe('configured\n');
  });

  it('refuses the demo in a folder without a mark that holds something, and leaves it as it was', () => {
    mkdirSync(dataDir, { mode: 0o755 });
    writeFileSync(join(dataDir, 'records.db'), '');
    expect(() => claimDataDir(dataDir, 'demo')).toThrow(refusal(/^data_dir: .* holds something already/));
    expect(existsSync(join(dataDir, 'site-kind'))).toBe(false);
    expect(statSync(dataDir).mode & 0o777).toBe(0o755);
  });

  it('starts the demo after a first start that was killed while it wrote the mark', () => {
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, '.site-kind.0c9a'), 'de');
    claimDataDir(dataDir, 'demo');
    expect(readFileSync(join(dataDir, 'site-kind'), 'utf8')).toBe('demo\n');
  });

  it.each(['', 'demo configured', 'production'])('refuses both kinds where the mark says %j', (mark) => {
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'site-kind'), mark);
    for (const kind of ['demo', 'configured'] as const)
      expect(() => claimDataDir(dataDir, kind)).toThrow(refusal(/does not say what kind of site/));
  });
});
