import { z } from 'zod';

/**
 * Why a request was denied. The codes are the contract between the policy, the log, the console and integrators: they are
 * `area.reason`, never renamed and never reused. The policy may answer only codes of this list; any other answer is
 * `pdp.answer_invalid`.
 */
export const policyReasonCodeSchema = z.enum([
  // Subject gate, evaluated first for every request of either kind.
  'subject.unknown',
  'subject.suspended',
  'subject.departed',
  'subject.not_active',
  'subject.employment_ended',
  // Credential presented at a reader or a login.
  'credential.unknown',
  'credential.not_enabled',
  'credential.not_yet_valid',
  'credential.expired',
  // Grants: an access profile names doors, apps and VPN realms together.
  'grant.missing',
  'grant.not_yet_valid',
  'grant.expired',
  'grant.outside_schedule',
  'grant.other_half_missing',
  // Doors.
  'door.locked_down',
  'door.clearance_too_low',
  'door.threat_level',
  'reader.not_secure',
  'reader.tampered',
  'reader.tamper_unknown',
  // The PIN beside the badge.
  'pin.missing',
  'pin.invalid',
  'pin.locked',
  // Presence as a condition of an app or VPN realm.
  'presence.required',
  'presence.stale',
  'presence.unknown',
  'presence.off_site',
  // Ready policies, switched on and placed by data.
  'time.after_hours',
  'contractor.outside_hours',
  'contractor.no_end_date',
  'device.unknown',
  'device.not_managed',
  'device.not_compliant',
  'travel.country',
  'travel.country_unknown',
  'travel.elsewhere_while_inside',
  'face.mismatch',
  'face.not_live',
  // Network posture.
  'network.elsewhere',
  'network.unknown',
  // Authentication.
  'authentication.missing',
  'authentication.too_weak',
  'authentication.too_old',
  // Operator actions.
  'operator.not_authorized',
  'operator.reason_missing',
  'operator.same_person',
  'operator.self_action',
  // No rule said yes.
  'policy.no_permit',
]);
export type PolicyReasonCode = z.infer<typeof policyReasonCodeSchema>;

/** The face beside the badge or the passkey: what kept the camera's word from becoming a fact. */
export const CAMERA_REASONS = [
  'face.unavailable',
  'face.camera_unavailable',
  'face.not_enrolled',
  'face.timeout',
  'face.device_revoked',
  'face.wrong_binding',
  'face.pack_not_allowed',
  'face.attestation_stale',
  'face.attestation_invalid',
] as const;

/** Reasons that only the gateway itself can give: the policy was not asked, or its answer could not be used. */
export const gatewayReasonCodeSchema = z.enum([
  'input.invalid',
  'pdp.unavailable',
  'pdp.late',
  'pdp.answer_invalid',
  'audit.unavailable',
  'obligation.unsupported',
  'store.unavailable',
  'card.format_unknown',
  'resource.unknown',
  ...CAMERA_REASONS,
  'face.template_unknown',
]);
export type GatewayReasonCode = z.infer<typeof gatewayReasonCodeSchema>;

export const reasonCodeSchema = z.union([policyReasonCodeSchema, gatewayReasonCodeSchema]);
export type ReasonCode = PolicyReasonCode | GatewayReasonCode;

/** Names of the permit rules, for explanation and counting. */
export const permitCodeSchema = z.enum(['door.granted', 'app.granted', 'token.granted', 'vpn.granted', 'operator.granted', 'self.granted']);
export type PermitCode = z.infer<typeof permitCodeSchema>;
