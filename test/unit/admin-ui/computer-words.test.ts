import { describe, expect, it } from 'vitest';
import { describeComputer, noteOfComputer } from '#admin-ui/src/features/people/computer-words.ts';
import { sampleDesk } from '#test/support/desk/sample-desk.ts';
import { GOOD_POSTURE } from '#test/support/desk/signing-desk.ts';

const desk = { ...sampleDesk, posture: { told: { ...GOOD_POSTURE, networks: [] }, observedAtMs: 5, isCompliant: true } };
const ago = (): string => 'just now';

describe('a computer', () => {
  it('that told nothing of late is silent, and one that never did is unknown: neither is shown as good', () => {
    expect(describeComputer(desk)).toEqual({ tone: 'ok', label: 'Meets the rules' });
    expect(describeComputer({ ...desk, posture: null })).toEqual({ tone: 'unknown', label: 'Silent' });
    expect(describeComputer({ ...desk, posture: null, seenAtMs: null })).toEqual({ tone: 'unknown', label: 'Unknown' });
    expect(describeComputer({ ...desk, status: 'revoked' }).label).toBe('Revoked');
  });

  it('is described by what is not on, when it was seen, and where its key is', () => {
    expect(noteOfComputer(desk, ago)).toBe('seen just now · Debian GNU/Linux 13, updated 3 days ago · key in TPM · no face');
    expect(noteOfComputer({ ...desk, posture: null, seenAtMs: null, keyKind: 'file' }, ago)).toBe('not seen yet · key in file · no face');
  });

  it.each([
    ['operator', 'revoked just now: an operator did it'],
    ['owner', 'revoked just now: the person removed it'],
    ['departed', 'revoked just now: the person has left'],
    ['suspended', 'revoked just now: the account had been closed for 30 days'],
    ['employment_ended', 'revoked just now: the employment had been over for 30 days'],
  ] as const)('that is revoked because of %s says so, and nothing of how it was kept', (because, said) => {
    expect(noteOfComputer({ ...desk, status: 'revoked', revocation: { atMs: 7, because } }, ago)).toBe(`${said} · key in TPM · no face`);
  });
});
