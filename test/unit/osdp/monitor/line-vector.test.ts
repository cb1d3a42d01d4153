import { describe, expect, it } from 'vitest';
import { LineMonitor, type MonitorOptions } from '#adapters/osdp/monitor/line-monitor.ts';
import type { FrameView } from '#adapters/osdp/monitor/views.ts';
import capture from '../../../vectors/osdp/line-capture.json' with { type: 'json' };

/** 80 ms between commands is what the capture has. */
function watch(
  options: MonitorOptions,
  frames: readonly string[] = capture.frames,
): { readonly views: FrameView[]; readonly monitor: LineMonitor } {
  const monitor = new LineMonitor(options);
  const views = frames.flatMap((frame, index) => monitor.push(Buffer.from(frame, 'hex'), index * 40));
  return { views: views.filter((view) => view.kind === 'frame'), monitor };
}

describe('a recorded line', () => {
  const key = { address: 0, scbk: Uint8Array.from(Buffer.from(capture.scbk, 'hex')) };

  it('is followed through both handshakes, and every MAC is right, when the key is known', () => {
    const { views, monitor } = watch({ keys: [key] });
    expect(views).toHaveLength(capture.frames.length);
    const sealed = views.filter(({ block }) => /SCS_1[5678]/.test(block ?? ''));
    expect(sealed).toHaveLength(capture.frames.length - 10);
    expect(new Set(sealed.map(({ mac }) => mac))).toEqual(new Set(['valid']));
    expect(monitor.report.readers).toMatchObject([
      { address: 0, security: 'secure', macsValid: sealed.length, macsWrong: 0, unanswered: 0 },
    ]);
    monitor.dispose();
  });

  it('is told in words', () => {
    const { views } = watch({ keys: [key] });
    const words = views.map(({ name, text }) => `${name} ${text}`.trim());
    expect(words.slice(0, 2)).toEqual(['ID who are you', 'PDID vendor 0a0017, model 3.0, serial cafedeed, firmware 1.80.2']);
    expect(words.slice(12, 23)).toEqual([
      'CAP what can you do',
      expect.stringMatching(/^PDCAP inputs /),
      expect.stringMatching(/^LED LED 0 /),
      'ACK',
      expect.stringMatching(/^TEXT "/),
      'ACK',
      'LSTAT tamper and power?',
      'LSTATR not tampered, power failed',
      'RSTAT readers?',
      'RSTATR readers 0 not connected',
      expect.stringMatching(/^ACURXSIZE takes frames of \d+ bytes$/),
    ]);
  });

  it('shows that the key of the standard was in use and a key was given under it, and never the key itself', () => {
    const { views, monitor } = watch({ keys: [key], reveal: true });
    expect(monitor.report.readers[0]?.anomalies).toMatchObject({ default_key: 1, keyset_under_default_key: 1 });
    const keyset = views.find(({ name }) => name === 'KEYSET');
    expect(keyset).toMatchObject({ mac: 'valid', body: 'decrypted', text: 'key type 1, 16 bytes', isRedacted: true });
    expect(keyset?.hex).toContain('75 ** ** **');
    expect(JSON.stringify([views, monitor.report])).not.toContain(capture.scbk);
  });

  it('is followed on with the key that was given under SCBK-D, when it may learn keys', () => {
    const { views } = watch({ learnsKeys: true });
    expect(views.at(-1)).toMatchObject({ name: 'ACK', mac: 'valid', keyKind: 'scbk' });
  });

  it('stays encrypted without the key, and what is visible is still told', () => {
    const { views, monitor } = watch({});
    expect(views.at(12)).toMatchObject({ name: 'CAP', body: 'encrypted', mac: 'unverified', text: 'encrypted', block: 'SCS_17' });
    expect(views.at(-2)).toMatchObject({ name: 'POLL', body: 'none', mac: 'unverified' });
    expect(monitor.report.readers[0]).toMatchObject({ security: 'secure', macsWrong: 0 });
  });

  it('says that a given key is another one', () => {
    const { monitor } = watch({ keys: [{ address: null, scbk: new Uint8Array(16).fill(7) }] });
    expect(monitor.report.readers[0]?.anomalies).toMatchObject({ handshake_failed: 1 });
  });

  it('notices a changed and a repeated frame inside the channel and goes on', () => {
    const frames = [...capture.frames];
    const poll = frames[24] ?? '';
    frames.splice(26, 0, frames[6] ?? '', poll);
    const { views, monitor } = watch({ keys: [key] }, frames);
    expect(views.at(26)?.anomalies).toContain('mac_mismatch');
    expect(views.at(-1)).toMatchObject({ mac: 'valid' });
    expect(monitor.report.readers[0]?.macsWrong).toBe(2);
  });
});
