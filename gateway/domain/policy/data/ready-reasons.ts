import { CAMERA_REASONS, type PolicyReasonCode, type ReasonCode } from '../../access/reason-code.ts';

/** Reasons that only a ready policy gives, and that an exception may relax. */
export const RELAXABLE_READY_REASONS = {
  after_hours: ['time.after_hours'],
  contractor: ['contractor.outside_hours', 'contractor.no_end_date'],
  device: ['device.unknown', 'device.not_managed', 'device.not_compliant'],
  travel: ['travel.country', 'travel.country_unknown', 'travel.elsewhere_while_inside'],
} as const satisfies Readonly<Record<string, readonly PolicyReasonCode[]>>;

/** What a face check ends in: first what the policy says, then what comes of the camera and of what it says. */
export const FACE_REASONS = [
  'face.mismatch',
  'face.not_live',
  'pin.invalid',
  'pin.locked',
  ...CAMERA_REASONS,
  'obligation.unsupported',
] as const satisfies readonly ReasonCode[];
