import type { z } from 'zod';
import type { grantsPageSchema } from '#gateway/http/contract/policy-data.ts';
import { readLocalInput, toLocalInput } from '../local-time.ts';
import { ALWAYS } from '../schedules/schedules.ts';

export type KnownGrant = z.infer<typeof grantsPageSchema>['grants'][number];
export type HolderKind = KnownGrant['value']['holder']['kind'];

/** A grant as its form holds it. */
export interface GrantDraft {
  readonly profileId: string;
  readonly kind: HolderKind;
  readonly holderId: string;
  readonly schedule: string;
  readonly from: string;
  readonly until: string;
  readonly reason: string;
}

export function newGrantDraft(profileId: string): GrantDraft {
  return { profileId, kind: 'group', holderId: '', schedule: ALWAYS, from: '', until: '', reason: '' };
}

export function toGrantDraft({ value }: KnownGrant): GrantDraft {
  const shown = (atMs: number | null): string => (atMs === null ? '' : toLocalInput(atMs));
  const { profileId, holder, schedule, reason } = value;
  return {
    profileId,
    kind: holder.kind,
    holderId: holder.id,
    schedule,
    from: shown(value.validFromMs),
    until: shown(value.validUntilMs),
    reason,
  };
}

/** What is sent, for the contract to check. */
export function toGrantChange(id: string, draft: GrantDraft, known: KnownGrant | undefined): unknown {
  const { profileId, kind, holderId, schedule, reason } = draft;
  const value = {
    profileId,
    holder: { kind, id: holderId.trim() },
    schedule,
    validFromMs: readLocalInput(draft.from, known?.value.validFromMs ?? null),
    validUntilMs: readLocalInput(draft.until, known?.value.validUntilMs ?? null),
    reason,
  };
  return { part: 'grants', id, value };
}
