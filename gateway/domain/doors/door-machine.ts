import { assertNever } from '../assert.ts';
import type { Door } from '../site/site.ts';
import type { DecisionId, PersonId } from '../site/ids.ts';
import { OUTPUT_REPORT_GRACE_MS, type DoorMachineState, type Passage, type Release } from './door-state.ts';

/** `nowMs` is monotonic, ms: a clock that is set back must not lengthen a release. */
export type DoorEvent =
  | {
      readonly kind: 'granted';
      readonly nowMs: number;
      readonly decisionId: DecisionId;
      readonly personId: PersonId | null;
      readonly extended: boolean;
    }
  /** Asked nobody: a request-to-exit device or a read at the inner reader. */
  | { readonly kind: 'egress'; readonly nowMs: number; readonly personId: PersonId | null }
  /** Whose read it was, known only after the lock was released. */
  | { readonly kind: 'egress_identified'; readonly nowMs: number; readonly personId: PersonId }
  | { readonly kind: 'contact'; readonly nowMs: number; readonly contact: 'open' | 'closed' | 'unknown' }
  /** What the reader reports of its output by itself, or when it is asked. */
  | { readonly kind: 'output'; readonly nowMs: number; readonly active: boolean }
  /** The reader acknowledged the release of this permit, or of the last egress (null). */
  | { readonly kind: 'released'; readonly nowMs: number; readonly decisionId: DecisionId | null }
  /** The reader did not carry out the release of this permit, or of the last egress (null). */
  | { readonly kind: 'release_failed'; readonly nowMs: number; readonly decisionId: DecisionId | null }
  | { readonly kind: 'online'; readonly nowMs: number; readonly online: boolean }
  | { readonly kind: 'tamper'; readonly nowMs: number; readonly tampered: boolean }
  | { readonly kind: 'tick'; readonly nowMs: number };

export type DoorAlarmCode = 'door.forced' | 'door.open_too_long' | 'door.tamper' | 'door.contact_fault';

export type DoorEffect =
  | { readonly kind: 'pulse'; readonly durationMs: number }
  | { readonly kind: 'passed'; readonly passage: Passage; readonly confirmed: boolean }
  | { readonly kind: 'not_passed'; readonly passage: Passage }
  | { readonly kind: 'alarm'; readonly code: DoorAlarmCode; readonly active: boolean };

export interface DoorTransition {
  readonly state: DoorMachineState;
  readonly effects: readonly DoorEffect[];
}

/** People released at once who have not gone through yet; more than these are let in uncounted. */
export const PASSAGES_MAX = 16;

/**
 * One transition of a door. Pure. Ingress arrives here only as `granted`, which the policy decided; egress arrives as `egress`
 * and always releases the lock, whatever the state, mode or health of the door (life-safety invariant 1).
 */
export function stepDoor(door: Door, state: DoorMachineState, event: DoorEvent): DoorTransition {
  switch (event.kind) {
    case 'granted':
      return release(door, state, { ...event, direction: 'entry' });
    case 'egress':
      return release(door, state, { ...event, decisionId: null, direction: 'exit', extended: false });
    case 'egress_identified':
      return identify(state, event.personId);
    case 'contact':
      return onContact(door, state, event.contact, event.nowMs);
    case 'output':
      return { state: { ...state, output: event.active ? 'active' : 'inactive', outputSinceMs: event.nowMs }, effects: [] };
    case 'released':
      return onReleased(state, event);
    case 'release_failed':
      return withdraw(state, event.decisionId);
    case 'online':
      return onOnline(state, event.online, event.nowMs);
    case 'tamper':
      return event.tampered === state.tamper
        ? { state, effects: [] }
        : { state: { ...state, tamper: event.tampered }, effects: [{ kind: 'alarm', code: 'door.tamper', active: event.tampered }] };
    case 'tick':
      return onTick(state, event.nowMs);
    default:
      return assertNever(event);
  }
}

interface ReleaseRequest {
  readonly nowMs: number;
  readonly decisionId: DecisionId | null;
  readonly personId: PersonId | null;
  readonly direction: Passage['direction'];
  readonly extended: boolean;
}

function release(door: Door, state: DoorMachineState, request: ReleaseRequest): DoorTransition {
  const durationMs = request.extended ? door.extendedReleaseMs : door.releaseMs;
  const passage: Passage = { direction: request.direction, personId: request.personId, decisionId: request.decisionId };
  const next: Release = {
    untilMs: Math.max(request.nowMs + durationMs, state.release?.untilMs ?? 0),
    openMs: Math.max(request.extended ? door.extendedOpenMs : door.openMs, state.release?.openMs ?? 0),
  };
  const pulse: DoorEffect = { kind: 'pulse', durationMs };
  const passages = state.passages.length < PASSAGES_MAX ? [...state.passages, passage] : state.passages;
  return { state: { ...state, release: next, passages }, effects: [pulse] };
}

function identify(state: DoorMachineState, personId: PersonId): DoorTransition {
  const index = state.passages.findIndex((passage) => passage.direction === 'exit' && passage.personId === null);
  const passage: Passage = { direction: 'exit', personId, decisionId: null };
  if (index === -1) return { state, effects: [{ kind: 'passed', passage, confirmed: false }] };
  return { state: { ...state, passages: state.passages.with(index, passage) }, effects: [] };
}

function withdraw(state: DoorMachineState, decisionId: DecisionId | null): DoorTransition {
  const passages = state.passages.filter((passage) => passage.decisionId !== decisionId);
  return { state: { ...state, passages, release: passages.length === 0 ? null : state.release }, effects: [] };
}

/** A door that stands open, or whose contact says nothing, cannot show who goes through: the passage counts with the release, unconfirmed. */
function onReleased(state: DoorMachineState, { nowMs, decisionId }: Extract<DoorEvent, { kind: 'released' }>): DoorTransition {
  const released: DoorMachineState = { ...state, output: 'active', outputSinceMs: nowMs };
  if (state.contact === 'closed') return { state: released, effects: [] };
  return {
    state: { ...released, passages: state.passages.filter((passage) => passage.decisionId !== decisionId) },
    effects: state.passages
      .filter((passage) => passage.decisionId === decisionId)
      .map((passage) => ({ kind: 'passed', passage, confirmed: false })),
  };
}

function onContact(door: Door, state: DoorMachineState, contact: DoorMachineState['contact'], nowMs: number): DoorTransition {
  if (contact === state.contact) return { state, effects: [] };
  if (contact === 'unknown') {
    const fault: DoorMachineState = { ...state, contact, contactFault: true, openUntilMs: null };
    return { state: fault, effects: state.contactFault ? [] : [{ kind: 'alarm', code: 'door.contact_fault', active: true }] };
  }
  // Cutting or shorting the line, or the bus, must not hide an opening: what counts is what was last known.
  const wasClosed = (state.contact === 'unknown' ? state.lastContact : state.contact) === 'closed';
  const known: DoorMachineState = { ...state, lastContact: contact, contactFault: false };
  const restored: DoorEffect[] = state.contactFault ? [cleared('door.contact_fault')] : [];
  const next = contact === 'closed' ? onClosed(known) : wasClosed ? onOpened(door, known, nowMs) : onStandsOpen(door, known, nowMs);
  return { state: next.state, effects: [...restored, ...next.effects] };
}

function onClosed(state: DoorMachineState): DoorTransition {
  return {
    state: { ...state, contact: 'closed', openUntilMs: null, forced: false, openTooLong: false },
    effects: [...(state.forced ? [cleared('door.forced')] : []), ...(state.openTooLong ? [cleared('door.open_too_long')] : [])],
  };
}

/** Open when first heard of, or open before the line was lost: when it was opened is not known. */
function onStandsOpen(door: Door, state: DoorMachineState, nowMs: number): DoorTransition {
  return { state: { ...state, contact: 'open', openUntilMs: nowMs + door.openMs }, effects: [] };
}

function onOpened(door: Door, state: DoorMachineState, nowMs: number): DoorTransition {
  const open = { ...state, contact: 'open' as const };
  const release = state.release;
  if (release === null || nowMs > release.untilMs) {
    return {
      state: { ...open, forced: true, openUntilMs: nowMs + door.openMs, passages: [] },
      effects: [...state.passages.map(notPassed), { kind: 'alarm', code: 'door.forced', active: true }],
    };
  }
  // One opening for several released people: each may have gone through, none is certain.
  const confirmed = state.passages.length === 1;
  return {
    state: { ...open, openUntilMs: nowMs + release.openMs, passages: [] },
    effects: state.passages.map((passage) => ({ kind: 'passed', passage, confirmed })),
  };
}

function onOnline(state: DoorMachineState, online: boolean, nowMs: number): DoorTransition {
  if (online) return { state: { ...state, online: true }, effects: [] };
  const lost: DoorMachineState = {
    ...state,
    online: false,
    contact: 'unknown',
    output: 'unknown',
    outputSinceMs: nowMs,
    openUntilMs: null,
    passages: [],
  };
  return { state: lost, effects: state.passages.map(notPassed) };
}

function onTick(state: DoorMachineState, nowMs: number): DoorTransition {
  const effects: DoorEffect[] = [];
  let next = state;
  if (state.release !== null && nowMs > state.release.untilMs) {
    effects.push(...state.passages.map(notPassed));
    next = { ...next, release: null, passages: [], releasedUntilMs: state.release.untilMs };
  }
  if (state.openUntilMs !== null && nowMs > state.openUntilMs && !state.openTooLong) {
    effects.push({ kind: 'alarm', code: 'door.open_too_long', active: true });
    next = { ...next, openTooLong: true };
  }
  // The reader was released and never said that its output fell back: what the lock does is no longer known.
  if (next.release === null && next.output === 'active' && nowMs > next.releasedUntilMs + OUTPUT_REPORT_GRACE_MS) {
    next = { ...next, output: 'unknown', outputSinceMs: nowMs };
  }
  return { state: next, effects };
}

function notPassed(passage: Passage): DoorEffect {
  return { kind: 'not_passed', passage };
}

function cleared(code: DoorAlarmCode): DoorEffect {
  return { kind: 'alarm', code, active: false };
}
