import type { ReasonTexts } from './reason-texts.ts';

const securityDesk = 'Contact the security desk and quote the decision number.';

export const english: ReasonTexts = {
  reasons: {
    'subject.unknown': { message: 'This person is not known.', remedy: securityDesk },
    'subject.suspended': { message: 'Your access is suspended, at doors and systems alike.', remedy: securityDesk },
    'subject.departed': { message: 'Your access has ended.', remedy: securityDesk },
    'subject.not_active': { message: 'Your access is not active.', remedy: securityDesk },
    'subject.employment_ended': { message: 'Your employment has ended.', remedy: securityDesk },
    'credential.unknown': {
      message: 'This credential is not registered.',
      remedy: 'Use your own badge or passkey, or ask the security desk to register it.',
    },
    'credential.not_enabled': { message: 'This credential is blocked.', remedy: 'Ask the security desk for a new one.' },
    'credential.not_yet_valid': { message: 'This credential is not valid yet.', remedy: 'Try again when its validity begins.' },
    'credential.expired': { message: 'This credential has expired.', remedy: 'Ask the security desk to renew it.' },
    'grant.missing': { message: 'You have no access to this.', remedy: 'Ask its owner or your manager for access.' },
    'grant.not_yet_valid': { message: 'Your access to this has not begun.', remedy: 'Try again when it begins.' },
    'grant.expired': { message: 'Your access to this has ended.', remedy: 'Ask its owner or your manager to renew it.' },
    'grant.outside_schedule': { message: 'You have access to this, but not at this time.', remedy: 'Come back in your scheduled hours.' },
    'grant.other_half_missing': {
      message: 'This area and its system are granted together, and one half is missing.',
      remedy: 'Ask its owner to grant both halves.',
    },
    'door.locked_down': { message: 'This door is locked down.', remedy: 'Follow the instructions of security. The way out stays free.' },
    'door.clearance_too_low': { message: 'Your clearance does not reach this area.', remedy: 'Ask security for the clearance.' },
    'door.threat_level': {
      message: 'A threat level is in force here, and your clearance does not reach it.',
      remedy: 'Follow the instructions of security. The way out stays free.',
    },
    'reader.not_secure': { message: 'The reader’s connection is not protected.', remedy: 'Use another reader and tell the security desk.' },
    'reader.tampered': {
      message: 'The reader’s housing is open or it was moved.',
      remedy: 'Use another door and tell the security desk. The way out stays free.',
    },
    'reader.tamper_unknown': {
      message: 'It is not known whether somebody has opened this reader.',
      remedy: 'Use another door and tell the security desk. The way out stays free.',
    },
    'pin.missing': {
      message: 'This door needs your PIN beside your badge, and none was entered in time.',
      remedy: 'Badge again and enter your PIN, or ask the security desk to set one.',
    },
    'pin.invalid': { message: 'The PIN was wrong.', remedy: 'Badge again and enter your PIN.' },
    'pin.locked': {
      message: 'Too many wrong PINs: this reader takes none from you for a while.',
      remedy: 'Wait until the lock ends by itself, or ask the security desk. The way out stays free.',
    },
    'presence.required': {
      message: 'This system is used only from inside its area.',
      remedy: 'Badge in at the area’s reader, then try again.',
    },
    'presence.stale': { message: 'Your last badge-in is too long ago.', remedy: 'Badge in at the area’s reader again, then try again.' },
    'presence.unknown': {
      message: 'It is not certain that you are in the area.',
      remedy: 'Badge in at the area’s reader, then try again.',
    },
    'presence.off_site': { message: 'This system is used only on site.', remedy: 'Badge in at a reader of the site, then try again.' },
    'time.after_hours': {
      message: 'Outside the hours only some people come in here.',
      remedy: 'Come back in the hours, or ask the security desk.',
    },
    'contractor.outside_hours': {
      message: 'Contractors come in here only in their hours.',
      remedy: 'Come back in those hours, or ask your host.',
    },
    'contractor.no_end_date': {
      message: 'No end of your contract is on file.',
      remedy: 'Ask your host to have the end of the contract entered.',
    },
    'device.unknown': { message: 'Your device is not known.', remedy: 'Use a device that your organisation manages.' },
    'device.not_managed': { message: 'Your device is not managed.', remedy: 'Use a device that your organisation manages.' },
    'device.not_compliant': {
      message: 'Your device does not meet the rules.',
      remedy: 'Let your device update and follow its management’s advice, then try again.',
    },
    'travel.country': { message: 'This system is not available from this country.', remedy: 'Ask its owner before you travel.' },
    'travel.country_unknown': {
      message: 'It is not known from which country you connect.',
      remedy: 'Connect to a site network or the VPN, then try again.',
    },
    'travel.elsewhere_while_inside': {
      message: 'You badged in and have not left, but this request comes from elsewhere.',
      remedy: 'Connect to a site network, or badge out when you leave. Tell the security desk if this was not you.',
    },
    'face.mismatch': {
      message: 'The face was not recognised.',
      remedy: 'Look straight at the camera and try again, or ask the security desk.',
    },
    'face.not_live': {
      message: 'The camera saw no living face.',
      remedy: 'Look straight at the camera and try again, or ask the security desk.',
    },
    'network.elsewhere': {
      message: 'This system is not available from this network.',
      remedy: 'Connect to a site network or the VPN, then try again.',
    },
    'network.unknown': { message: 'Your network is not known.', remedy: 'Connect to a site network or the VPN, then try again.' },
    'authentication.missing': { message: 'You are not signed in.', remedy: 'Sign in with your passkey.' },
    'authentication.too_weak': {
      message: 'This needs a verified passkey.',
      remedy: 'Sign in with a passkey and confirm with your device’s lock.',
    },
    'authentication.too_old': {
      message: 'Your sign-in is too old for this action.',
      remedy: 'Sign in again with your passkey, then repeat it.',
    },
    'operator.not_authorized': { message: 'Your role does not allow this action.', remedy: 'Ask a security admin.' },
    'operator.reason_missing': { message: 'This action needs a reason.', remedy: 'Give the reason and try again.' },
    'operator.same_person': { message: 'This needs a second, different operator.', remedy: 'Ask another operator to confirm.' },
    'operator.self_action': { message: 'Nobody does this for themselves.', remedy: 'Ask another operator.' },
    'policy.no_permit': { message: 'No rule permits this.', remedy: securityDesk },
    'input.invalid': { message: 'The request was not understood.', remedy: securityDesk },
    'pdp.unavailable': { message: 'The decision could not be made.', remedy: 'Try again; if it persists, tell the security desk.' },
    'pdp.late': { message: 'The decision took too long.', remedy: 'Try again; if it persists, tell the security desk.' },
    'pdp.answer_invalid': { message: 'The policy gave no usable answer.', remedy: securityDesk },
    'audit.unavailable': {
      message: 'The decision could not be recorded, so it is a no.',
      remedy: 'Try again; if it persists, tell the security desk.',
    },
    'obligation.unsupported': { message: 'A condition cannot be met here.', remedy: 'Use another way in, or ask the security desk.' },
    'store.unavailable': { message: 'The facts could not be read.', remedy: 'Try again; if it persists, tell the security desk.' },
    'card.format_unknown': { message: 'The card’s format is not known.', remedy: 'Ask the security desk for a badge.' },
    'resource.unknown': { message: 'This door or system is not known.', remedy: securityDesk },
    'face.unavailable': { message: 'The camera of this door does not answer.', remedy: 'Use another way in, or ask the security desk.' },
    'face.camera_unavailable': {
      message: 'The camera of this door is out of order.',
      remedy: 'Enter your PIN after the badge if the reader takes it, or ask the security desk to let you in.',
    },
    'face.not_enrolled': {
      message: 'Your face is not enrolled at this door.',
      remedy: 'Enter your PIN after the badge if the reader takes it, or ask the security desk. Enrolment is your choice.',
    },
    'face.timeout': { message: 'No face was seen in time.', remedy: 'Present the badge again and look at the camera.' },
    'face.device_revoked': { message: 'This camera is withdrawn.', remedy: 'Use another way in, or ask the security desk.' },
    'face.wrong_binding': { message: 'The camera answered for somebody or somewhere else.', remedy: 'Present the badge again.' },
    'face.pack_not_allowed': { message: 'The camera uses face models that are not allowed.', remedy: securityDesk },
    'face.attestation_stale': { message: 'The camera’s answer was too old.', remedy: 'Present the badge again and look at the camera.' },
    'face.attestation_invalid': { message: 'The camera’s answer could not be used.', remedy: securityDesk },
    'face.template_unknown': { message: 'The face on this computer was enrolled without an order.', remedy: securityDesk },
  },
  badgeInto: ({ areaName, siteName }) => `Badge into ${areaName}, ${siteName}, then try again.`,
};
