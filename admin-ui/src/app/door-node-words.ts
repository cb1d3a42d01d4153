import type { Status } from '#gateway/http/contract/admin.ts';

export interface DoorNodeWords {
  readonly state: 'online' | 'behind' | 'lost' | 'unknown';
  readonly text: string;
}

/** The door node in words. `notKnown` says since when the live connection is down: then nothing else is said. */
export function doorNodeWords(status: Status | null, notKnown: string | null): DoorNodeWords {
  if (notKnown !== null) return { state: 'unknown', text: `Door node, policy and log ${notKnown}` };
  if (status === null) return { state: 'unknown', text: 'Door node not known' };
  if (status.doorNode === 'lost') return { state: 'lost', text: 'Door node lost' };
  if (status.doorNodeEpoch < status.epoch) {
    return { state: 'behind', text: 'The door node has not yet confirmed the last suspension or reinstatement' };
  }
  return { state: 'online', text: 'Door node online' };
}
