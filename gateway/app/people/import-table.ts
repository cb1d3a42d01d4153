import type { FieldProblem } from '../../domain/field-problem.ts';
import type { Person } from '../../domain/people/person.ts';
import { toPendingChange, type DirectoryChange } from './directory-change.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import { createImportPeople } from './import-people.ts';
import type { ImportDeps, ImportedPerson } from './import-types.ts';
import { planClosings, type ClosingPlan, type ClosingRule } from './plan-closings.ts';
import { planImport } from './plan-import.ts';

/** A row of a table of people, read and not compared with anything. */
export interface TableRow {
  readonly line: number;
  readonly id: string;
  /** False: the person has left, or is to stay out. Null where the table does not say. */
  readonly active: boolean | null;
  readonly person: ImportedPerson | null;
  readonly problems: readonly FieldProblem[];
}

export interface PeopleTable {
  readonly columns: ReadonlySet<string>;
  readonly rows: readonly TableRow[];
}

export interface RowReport {
  /** Null for somebody who is missing from a table that has everybody. */
  readonly line: number | null;
  readonly id: string;
  /** `closed`: suspended, with whatever else the row changes. */
  readonly outcome: 'added' | 'changed' | 'unchanged' | 'refused' | 'closed';
  /** The table says active, and the person is suspended: two operators bring somebody back, no table does. */
  readonly staysClosed: boolean;
  /** `+group:sales`; the bare name of a field whose value does not belong on a screen. */
  readonly changes: readonly string[];
  readonly problems: readonly FieldProblem[];
}

export interface TableReport {
  /** False: nothing of the table was or would be taken. */
  readonly ok: boolean;
  /** Whether it was taken. */
  readonly applied: boolean;
  readonly rows: readonly RowReport[];
  readonly closing: { readonly people: number; readonly inForce: number; readonly allowed: number; readonly isAllowed: boolean };
}

export interface TableOptions {
  readonly dryRun: boolean;
  readonly closing: ClosingRule;
}

export type ImportTable = (table: PeopleTable, options: TableOptions) => Promise<TableReport>;

export interface ImportTableDeps extends ImportDeps {
  /** Suspends somebody whom the table closes: doors and sessions close like by any other suspension. */
  readonly close: (personId: PersonId) => Promise<unknown>;
}

/**
 * The same import as that of a file of people, told row by row. A table with one problem changes nothing, nor does one that would close more
 * people than it may. Whoever is closed is closed first.
 */
export function createImportTable(deps: ImportTableDeps): ImportTable {
  return async (table, { closing: rule, dryRun }) => {
    const closings = await planClosings(deps.people, table, rule);
    const rows: TableRow[] = [];
    for (const row of table.rows) rows.push(await complete(deps, table.columns, row));
    const sound = await withoutNewcomersWhoLeft(deps, rows);
    const content = { people: sound.map(({ person }) => person), profiles: [], grants: [] };
    const plan = await planImport(deps, content);
    const found = { problems: byLine(plan.problems, sound), changes: byPerson(deps, plan.changes) };
    const report: RowReport[] = [];
    for (const row of rows) report.push(await toReport(deps, row, { ...found, closings }));
    const missing = closings.missing.map((id): RowReport => ({
      line: null,
      id,
      outcome: 'closed',
      staysClosed: false,
      changes: ['missing'],
      problems: [],
    }));
    const { allowed, inForce, isAllowed, marked } = closings;
    const told = { rows: [...report, ...missing], closing: { people: marked.size + missing.length, inForce, allowed, isAllowed } };
    const ok = isAllowed && report.every(({ outcome }) => outcome !== 'refused');
    if (!ok || dryRun) return { ok, applied: false, ...told };
    for (const id of [...marked, ...closings.missing]) await deps.close(id);
    const summary = await createImportPeople(deps)(content);
    return { ok: summary.ok, applied: summary.ok, ...told };
  };
}

interface SoundRow {
  readonly line: number;
  readonly person: ImportedPerson;
}

/** Whoever has left and was never here is not brought in. Of one who is there twice nobody knows: that is told. */
async function withoutNewcomersWhoLeft({ people }: ImportDeps, rows: readonly TableRow[]): Promise<readonly SoundRow[]> {
  const seen = new Set<string>();
  const twice = new Set(rows.flatMap(({ id }) => (seen.has(id) ? [id] : (seen.add(id), []))));
  const sound: SoundRow[] = [];
  for (const { active, id, line, person } of rows) {
    if (person !== null && (active !== false || twice.has(id) || (await people.find(person.id)) !== null)) sound.push({ line, person });
  }
  return sound;
}

interface Found {
  readonly problems: ReadonlyMap<number, readonly FieldProblem[]>;
  readonly changes: ReturnType<typeof byPerson>;
  readonly closings: ClosingPlan;
}

async function toReport({ people }: ImportDeps, row: TableRow, { changes, closings, problems }: Found): Promise<RowReport> {
  const { active, id, line, person } = row;
  const all = [...row.problems, ...(person === null ? [] : (problems.get(line) ?? []))];
  const { added = false, texts = [] } = changes.get(id) ?? {};
  const stored = active === true && person !== null ? await people.find(person.id) : null;
  const staysClosed = stored !== null && (stored.standing === 'suspended' || stored.standing === 'departed');
  if (all.length > 0) return { line, id, outcome: 'refused', staysClosed: false, changes: [], problems: all };
  const isClosed = person !== null && closings.marked.has(person.id);
  const outcome = isClosed ? 'closed' : added ? 'added' : texts.length > 0 ? 'changed' : 'unchanged';
  return { line, id, outcome, staysClosed, changes: texts, problems: [] };
}

const COLUMN_OF = {
  email: 'email',
  roles: 'roles',
  groups: 'groups',
  clearance: 'clearance',
  employmentEndMs: 'employment_end',
  accessibility: 'accessibility',
} as const satisfies Partial<Record<keyof Person, string>>;

/** What the table has no column for stays as it is. */
async function complete({ people }: ImportDeps, columns: ReadonlySet<string>, row: TableRow): Promise<TableRow> {
  const { person } = row;
  const stored = person === null ? null : await people.find(person.id);
  if (person === null || stored === null) return row;
  const kept = Object.entries(COLUMN_OF).flatMap(([field, column]) =>
    columns.has(column) ? [] : [[field, stored[field as keyof typeof COLUMN_OF]]],
  );
  return { ...row, person: { ...person, ...(Object.fromEntries(kept) as Partial<ImportedPerson>) } };
}

/** Problems name `people[3].email`; whoever reads a table wants its line. */
function byLine(
  problems: readonly FieldProblem[],
  rows: readonly { readonly line: number }[],
): ReadonlyMap<number, readonly FieldProblem[]> {
  const found = new Map<number, FieldProblem[]>();
  const lineOf = (index: string): number => rows[Number(index)]?.line ?? 0;
  for (const { message, path } of problems) {
    const [, index = '', field = ''] = /^people\[(\d+)\]\.?(.*)$/.exec(path) ?? [];
    const line = lineOf(index);
    const text = message.replaceAll(/people\[(\d+)\]\.?/g, (_whole, other: string) => `line ${lineOf(other)} `);
    found.set(line, [...(found.get(line) ?? []), { path: field, message: text }]);
  }
  return found;
}

function byPerson(
  deps: ImportDeps,
  changes: readonly DirectoryChange[],
): ReadonlyMap<string, { readonly added: boolean; readonly texts: readonly string[] }> {
  const found = new Map<string, { added: boolean; texts: string[] }>();
  for (const change of changes) {
    const { personId, subjectType } = change;
    const pending = toPendingChange(change, deps)?.record;
    if (personId === null || pending?.type !== 'directory_change') continue;
    const of = found.get(personId) ?? { added: false, texts: [] };
    if (subjectType === 'person' && change.before === null) of.added = true;
    of.texts.push(...(subjectType === 'badge' ? [change.before === null ? '+badge' : 'badge'] : pending.changes));
    found.set(personId, of);
  }
  return found;
}
