import type { DeskView } from '#gateway/http/contract/desk.ts';
import { GOOD_POSTURE } from './signing-desk.ts';

/** A computer as the console and the command line are told of it: enrolled, in order, seen, and without a face. */
export const sampleDesk: DeskView = {
  id: 'dsk_1',
  personId: 'usr_ann',
  label: 'Laptop',
  keyKind: 'tpm',
  packHash: null,
  hasFace: false,
  status: 'active',
  revocation: null,
  enrolledAtMs: 1,
  seenAtMs: 5,
  posture: { told: GOOD_POSTURE, observedAtMs: 5, isCompliant: true },
};
