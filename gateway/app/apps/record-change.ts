import { createHash } from 'node:crypto';
import type { AddedApp } from '../../domain/apps/added-app.ts';
import { DIRECTORY_CHANGES_MAX, type DirectoryChangeRecord } from '../../domain/audit/change-records.ts';
import { canonicalJson } from '../../domain/canonical-json.ts';
import type { DecisionId } from '../../domain/site/ids.ts';

/** Null where there is none: the app is new, or gone. */
export type AppChange =
  | { readonly before: AddedApp; readonly after: AddedApp }
  | { readonly before: null; readonly after: AddedApp }
  | { readonly before: AddedApp; readonly after: null };

interface By {
  readonly operatorId: string;
  readonly decisionId: DecisionId;
  readonly nowMs: number;
}

/** Say nothing about access, or are told by the others. */
const UNNAMED: ReadonlySet<string> = new Set(['id', 'clientId', 'createdAtMs', 'changedAtMs', 'version']);

const digestOf = (app: AddedApp | null): string | null =>
  app === null ? null : createHash('sha256').update(canonicalJson(app)).digest('hex');

/** The change as the log names it: the fields and not what is in them, since addresses may say who uses them. */
export function changeOfApp({ after, before }: AppChange, { decisionId, nowMs, operatorId }: By): DirectoryChangeRecord {
  const app = after ?? before;
  const fields = Object.keys(app).filter((field) => !UNNAMED.has(field));
  const own = (of: AddedApp | null, field: string): string =>
    canonicalJson((of as Readonly<Record<string, unknown>> | null)?.[field] ?? null);
  const changed = after === null || before === null ? [] : fields.filter((field) => own(before, field) !== own(after, field));
  return {
    type: 'directory_change',
    occurredAtMs: nowMs,
    changeId: decisionId,
    subjectType: 'app',
    subjectId: app.id,
    personId: null,
    change: before === null ? 'added' : after === null ? 'removed' : 'replaced',
    changes: [`client:${app.clientId}`, `kind:${app.kind}`, ...changed.map(nameOf(after))].slice(0, DIRECTORY_CHANGES_MAX),
    digestBefore: digestOf(before),
    digestAfter: digestOf(after),
    operatorId,
  };
}

function nameOf(after: AddedApp | null): (field: string) => string {
  return (field) => (field === 'isEnabled' ? (after?.isEnabled === true ? '+enabled' : '-enabled') : field);
}
