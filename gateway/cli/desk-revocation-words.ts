import type { DeskRevocationView } from '../http/contract/desk.ts';

const WORDS: Readonly<Record<NonNullable<DeskRevocationView>['because'], string>> = {
  operator: 'an operator revoked it',
  owner: 'its owner removed it',
  departed: 'its owner has left',
  suspended: 'its owner’s account had been closed for 30 days',
  employment_ended: 'its owner’s employment had been over for 30 days',
};

/** Since when, and why; `revoked` alone where nobody kept it. */
export const revokedText = (revocation: DeskRevocationView): string =>
  revocation === null ? 'revoked' : `revoked ${new Date(revocation.atMs).toISOString()}: ${WORDS[revocation.because]}`;

/** To the owner, at the computer itself. */
export const refusedText = (revocation: DeskRevocationView): string =>
  revocation === null ? 'it is revoked' : `it was ${revokedText(revocation)}`;
