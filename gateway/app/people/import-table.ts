import type { FieldProblem } from '../../domain/field-problem.ts';
import type { Person } from '../../domain/people/person.ts';
import { toPendingChange, type DirectoryChange } from './directory-change.ts';
import { createImportPeople, planImport, type ImportDeps, type ImportedPerson } from './import-people.ts';

/** A row of a table of people, read and not compared with anything. */
export interface TableRow {
  readonly line: number;
  readonly id: string;
  readonly person: ImportedPerson | null;
  readonly problems: readonly FieldProblem[];
}

export interface PeopleTable {
  readonly columns: ReadonlySet<string>;
  readonly rows: readonly TableRow[];
}

export interface RowReport {
  readonly line: number;
  readonly id: string;
  readonly outcome: 'added' | 'changed' | 'unchanged' | 'refused';
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
}

export type ImportTable = (table: PeopleTable, options: { readonly dryRun: boolean }) => Promise<TableReport>;

/** The same import as that of a file of people, told row by row. A table with one problem changes nothing. */
export function createImportTable(deps: ImportDeps): ImportTable {
  return async (table, { dryRun }) => {
    const rows: TableRow[] = [];
    for (const row of table.rows) rows.push(await complete(deps, table.columns, row));
    const sound = rows.flatMap(({ line, person }) => (person === null ? [] : [{ line, person }]));
    const content = { people: sound.map(({ person }) => person), profiles: [], grants: [] };
    const plan = await planImport(deps, content);
    const problems = byLine(plan.problems, sound);
    const changes = byPerson(deps, plan.changes);
    const report = rows.map((row): RowReport => {
      const found = [...row.problems, ...(row.person === null ? [] : (problems.get(row.line) ?? []))];
      const { added = false, texts = [] } = changes.get(row.id) ?? {};
      const outcome = found.length > 0 ? 'refused' : added ? 'added' : texts.length > 0 ? 'changed' : 'unchanged';
      return { line: row.line, id: row.id, outcome, changes: found.length > 0 ? [] : texts, problems: found };
    });
    const ok = report.every(({ outcome }) => outcome !== 'refused');
    if (!ok || dryRun) return { ok, applied: false, rows: report };
    const summary = await createImportPeople(deps)(content);
    return { ok: summary.ok, applied: summary.ok, rows: report };
  };
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
