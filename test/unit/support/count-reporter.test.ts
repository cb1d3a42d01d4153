import { describe, expect, it } from 'vitest';
import { toVerdict } from '../../support/count-reporter.ts';

describe('the verdict of a test run', () => {
  const clean = { passed: 3, failed: 0, skipped: 0, broken: 0 };

  it('passes when every test passed', () => {
    expect(toVerdict(clean, true)).toEqual({ passed: 3, failed: 0 });
  });

  it.each([
    ['a failed test', { ...clean, failed: 1 }],
    ['a file that could not be run', { ...clean, broken: 1 }],
    ['a skipped test in CI', { ...clean, skipped: 1 }],
  ])('counts %s as a failure', (_name, count) => {
    expect(toVerdict(count, true)).toEqual({ passed: 3, failed: 1 });
  });

  it('lets a developer skip a test', () => {
    expect(toVerdict({ ...clean, skipped: 1 }, false)).toEqual({ passed: 3, failed: 0 });
  });

  it('fails when nothing ran', () => {
    expect(toVerdict({ passed: 0, failed: 0, skipped: 0, broken: 0 }, false)).toEqual({ passed: 0, failed: 1 });
  });
});
