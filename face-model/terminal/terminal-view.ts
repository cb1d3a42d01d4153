import type { CarrierName } from './carrier.ts';
import type { EnrolmentView } from './enrolment-run.ts';
import type { PhoneView } from './phone.ts';
import type { Guidance } from './verification-run.ts';

/** What the page shows. The camera runs only where `wantsFrames`. */
export type TerminalView =
  | { readonly kind: 'idle'; readonly wantsFrames: false; readonly last: LastTask }
  | { readonly kind: 'verifies'; readonly wantsFrames: true; readonly say: Guidance }
  /** `carriers`: the template is not kept here, but put on one of these. */
  | { readonly kind: 'asks_consent'; readonly wantsFrames: false; readonly carriers?: readonly CarrierName[] }
  | (Extract<EnrolmentView, { readonly kind: 'enrols' }> & { readonly wantsFrames: true })
  | PhoneView;

/** What a person answers who is asked; the name of a carrier agrees to that one. */
export type Consent = 'yes' | 'no' | CarrierName;

/**
 * What came of the task before, for a moment; nothing about why a face was not recognised, which would help whoever tries. `no_code`: the phone
 * that was asked for was not shown, or what it showed opens nothing.
 */
export type LastTask =
  'recognised' | 'not_recognised' | 'no_code' | 'enrolled' | 'enrolled_card' | 'enrolled_phone' | 'enrolled_alike' | 'not_enrolled' | null;
/** How long that is shown, ms. A warning has to be read. */
export const LAST_TASK_MS = 4_000;
export const WARNING_MS = 12_000;
