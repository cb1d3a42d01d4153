import { describe, expect, it } from 'vitest';
import { GatewayError } from '#gateway/domain/errors.ts';
import { createLogger, type Logger } from '#gateway/platform/logger.ts';

function capture(): { readonly log: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  return { log: createLogger({ level: 'info', write: (line) => void lines.push(line) }), lines };
}

describe('the log', () => {
  it('writes one structured line a fact', () => {
    const { log, lines } = capture();
    log.with({ thread: 'doors' }).info('reader.online', { readerId: 'r1', afterMs: 12 });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 30, event: 'reader.online', thread: 'doors', readerId: 'r1', afterMs: 12 });
  });

  it('leaves out what is below its level', () => {
    const { log, lines } = capture();
    log.debug('noise');
    expect(lines).toEqual([]);
  });

  it('prints failures by code and place, and their causes, without what foreign messages quote', () => {
    const { log, lines } = capture();
    const cause = new Error('constraint failed: ann@example.org');
    log.error('store.failed', {}, new GatewayError('store.unavailable', 'The store does not answer.', { cause }));
    const line = JSON.parse(lines[0] ?? '') as { failure: { code: string; at: string[]; causes: { type: string }[] } };
    expect(line.failure.code).toBe('store.unavailable');
    expect(line.failure.at[0]).toMatch(/logger\.test\.ts/);
    expect(line.failure.causes[0]?.type).toBe('Error');
    expect(lines[0]).not.toContain('ann@example.org');
  });

  it('survives failures that are no errors, and errors that cause themselves', () => {
    const { log, lines } = capture();
    log.error('odd', {}, 'a string');
    const loop = new Error('loop');
    loop.cause = loop;
    log.error('loop', {}, loop);
    expect(lines).toHaveLength(2);
  });

  it.each(['token', 'secret', 'email', 'badgeKey', 'authorization'])('never prints a field called %s', (key) => {
    const { log, lines } = capture();
    log.info('slip', { [key]: 'value-to-hide' });
    expect(lines[0]).not.toContain('value-to-hide');
    expect(lines[0]).toContain('[redacted]');
  });
});
