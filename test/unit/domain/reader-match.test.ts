import { describe, expect, it } from 'vitest';
import { judgeReaderScore, READER_NUMBER, type ReaderScore } from '#gateway/domain/face/reader-match.ts';

const biometrics = { type: 15, format: 2, qualityMin: 0, scores: { standard: 150, high: 200 }, liveness: 'none' } as const;
const compared = (score: number): ReaderScore => ({ ok: true, reader: READER_NUMBER, status: 'compared', score });

describe('a reader’s score', () => {
  it.each([
    [0, 'none', false],
    [149, 'none', false],
    [150, 'standard', true],
    [199, 'standard', true],
    [200, 'high', true],
    [255, 'high', true],
  ] as const)('of %i is worth %s', (score, score_band, verified) => {
    expect(judgeReaderScore(compared(score), biometrics)).toMatchObject({
      ok: true,
      isOther: !verified,
      face: { known: true, verified, score_band, liveness: 'none', source: 'reader', age_s: 0, alternative: 'none' },
    });
  });

  it('says of life what the installer vouches for, and nothing of whoever was not recognised', () => {
    const vouched = { ...biometrics, liveness: 'passive' } as const;
    expect(judgeReaderScore(compared(255), vouched)).toMatchObject({ face: { liveness: 'passive' } });
    expect(judgeReaderScore(compared(0), vouched)).toMatchObject({ face: { liveness: 'none' } });
  });

  it.each([
    [{ ok: true, reader: READER_NUMBER, status: 'timeout', score: 255 }, 'face.timeout'],
    [{ ok: true, reader: READER_NUMBER, status: 'failed', score: 255 }, 'face.attestation_invalid'],
    [{ ok: true, reader: 1, status: 'compared', score: 255 }, 'face.wrong_binding'],
    [{ ok: false, code: 'timeout' }, 'face.timeout'],
    [{ ok: false, code: 'unavailable' }, 'face.unavailable'],
  ] as const)('is none in %o', (answer, code) => {
    expect(judgeReaderScore(answer, biometrics)).toEqual({ ok: false, code });
  });
});
