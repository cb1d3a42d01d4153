import type { FaceTerminal } from '#gateway/http/contract/face.ts';
import type { Words } from '../../shared/faces/template-words.ts';

export function describeTerminal({ camera, isListening, seenAtMs, status }: FaceTerminal): Words {
  if (status === 'revoked') return { tone: 'info', label: 'Revoked' };
  if (isListening && camera === 'lost') return { tone: 'deny', label: 'Camera lost' };
  if (isListening) return { tone: 'ok', label: 'Listens' };
  return { tone: seenAtMs === null ? 'unknown' : 'warn', label: seenAtMs === null ? 'Not heard yet' : 'Silent' };
}

const OUTCOMES: Readonly<Record<string, Words>> = {
  verified: { tone: 'ok', label: 'Recognised' },
  no_match: { tone: 'deny', label: 'Somebody else' },
  identity_changed: { tone: 'deny', label: 'Somebody else stepped in' },
  not_live: { tone: 'deny', label: 'Not a living face' },
  frozen_picture: { tone: 'deny', label: 'A picture that stands still' },
  challenge_failed: { tone: 'deny', label: 'Did not do what was asked' },
  several_faces: { tone: 'warn', label: 'Several people' },
  poor_quality: { tone: 'warn', label: 'Seen too badly' },
  no_face: { tone: 'warn', label: 'Nobody seen' },
  camera_unavailable: { tone: 'deny', label: 'Had no camera' },
  not_enrolled: { tone: 'warn', label: 'Not enrolled here' },
  'enrol:done': { tone: 'ok', label: 'Enrolled a face' },
  'enrol:refused': { tone: 'info', label: 'Nobody agreed to be enrolled' },
  'enrol:failed': { tone: 'warn', label: 'An enrolment failed' },
  'delete:done': { tone: 'ok', label: 'Deleted a template' },
  'delete:nothing_there': { tone: 'info', label: 'Had nothing to delete' },
  'delete:failed': { tone: 'deny', label: 'Could not delete' },
};

/** What it does not know, such as a reason why its word was refused, is shown as it is. */
export function describeOutcome(result: string): Words {
  return OUTCOMES[result] ?? { tone: 'deny', label: result };
}
