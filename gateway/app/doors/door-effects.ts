import type { DoorEffect } from '../../domain/doors/door-machine.ts';
import type { Passage } from '../../domain/doors/door-state.ts';
import type { DoorStatus } from '../../domain/audit/door-records.ts';
import type { AuditRecord } from '../../domain/audit/record.ts';
import type { DecisionId } from '../../domain/site/ids.ts';
import type { Door } from '../../domain/site/site.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CommandResult, Readers } from '../../ports/readers.ts';

export interface DoorEffectsDeps {
  readonly sites: SiteMap;
  readonly readers: Readers;
  readonly clock: Clock;
  /** Takes a record without making the door wait for it. */
  readonly record: (record: AuditRecord) => void;
  /** Told of every visible change of a door. */
  readonly onStatus: (status: DoorStatus) => void;
}

/** Milliseconds since an arbitrary start: for the machine's windows, never for a record. */
export const monotonicMs = (clock: Clock): number => clock.monotonicUs() / 1_000;

/** Releases the lock through the reader that drives it. */
export async function pulseStrike(deps: DoorEffectsDeps, door: Door, durationMs: number): Promise<CommandResult> {
  const reader = deps.sites.readersOf(door.id).find(({ strikeOutput }) => strikeOutput !== null);
  if (reader === undefined || reader.strikeOutput === null) return { ok: false, code: 'reader.unknown' };
  return deps.readers.pulseOutput(reader.id, reader.strikeOutput, durationMs);
}

/** Records what happened to people and alarms; a pulse is carried out elsewhere. */
export function recordEffect(deps: DoorEffectsDeps, door: Door, effect: DoorEffect): void {
  const nowMs = deps.clock.nowMs();
  if (effect.kind === 'alarm') {
    deps.record({ type: 'alarm', occurredAtMs: nowMs, code: effect.code, sourceType: 'door', sourceId: door.id, active: effect.active });
  }
  if (effect.kind === 'not_passed') recordOutcome(deps, door, effect.passage, { outcome: 'not_entered', detail: 'door.not_opened', nowMs });
  if (effect.kind === 'passed') {
    recordOutcome(deps, door, effect.passage, {
      outcome: 'entered',
      detail: effect.confirmed ? 'contact.confirmed' : 'contact.unconfirmed',
      nowMs,
    });
    recordPresence(deps, door, effect, nowMs);
  }
}

interface Outcome {
  readonly outcome: 'entered' | 'not_entered' | 'unlocked' | 'unlock_failed' | 'withheld';
  readonly detail: string;
  readonly nowMs: number;
}

/** Outcomes belong to decisions: egress, which nobody decided, has none. */
export function recordOutcome(
  deps: Pick<DoorEffectsDeps, 'record'>,
  door: Door,
  passage: Passage,
  { outcome, detail, nowMs }: Outcome,
): void {
  if (passage.decisionId === null) return;
  deps.record({
    type: 'outcome',
    occurredAtMs: nowMs,
    decisionId: passage.decisionId satisfies DecisionId,
    resourceId: door.id,
    personId: passage.personId,
    outcome,
    detail,
  });
}

function recordPresence(deps: DoorEffectsDeps, door: Door, passed: Extract<DoorEffect, { kind: 'passed' }>, nowMs: number): void {
  const { passage, confirmed } = passed;
  if (passage.personId === null) return;
  const areaId = passage.direction === 'entry' ? door.toAreaId : door.fromAreaId;
  const area = areaId === null ? undefined : deps.sites.area(areaId);
  deps.record({
    type: 'presence',
    occurredAtMs: nowMs,
    personId: passage.personId,
    state: areaId === null ? 'outside' : 'inside',
    siteId: areaId === null ? null : door.siteId,
    areaId,
    // Free egress means people can leave unseen; only a captive area with a seen opening is certain.
    confidence: !confirmed ? 'low' : area?.captive === true ? 'high' : 'medium',
    cause: passage.direction === 'entry' ? 'badge_entry' : 'badge_exit',
    decisionId: passage.decisionId,
  });
}
