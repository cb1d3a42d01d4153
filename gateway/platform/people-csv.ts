import { CsvError, parse } from 'csv-parse/sync';
import { GatewayError } from '../domain/errors.ts';
import { explainIssue } from '../domain/explain-issue.ts';
import type { FieldProblem } from '../domain/field-problem.ts';
import { tryParse } from '../domain/try-parse.ts';
import { PEOPLE_MAX, personSchema, toPerson, type PeopleFile } from './people-file.ts';

const COLUMNS = ['id', 'name', 'email', 'roles', 'groups', 'clearance', 'employment_end', 'accessibility', 'badges', 'active'] as const;
export type CsvColumn = (typeof COLUMNS)[number];

export interface CsvRow {
  /** Of the file, from 1. */
  readonly line: number;
  /** As written; empty where the row has none. */
  readonly id: string;
  /** Null where the table does not say. */
  readonly active: boolean | null;
  /** Null when something is wrong with the row. */
  readonly person: PeopleFile['people'][number] | null;
  readonly problems: readonly FieldProblem[];
}

export interface PeopleCsv {
  /** What is not among them stays as the store has it. */
  readonly columns: ReadonlySet<CsvColumn>;
  readonly rows: readonly CsvRow[];
}

/**
 * A table of people: a header, then one person a row, RFC 4180 with commas or semicolons, UTF-8. Several values of a cell are separated by
 * `;` or `|`. @throws config.unreadable no UTF-8; config.invalid no such table, or more rows than PEOPLE_MAX
 */
export function readPeopleCsv(bytes: Uint8Array, name: string, rowsMax = PEOPLE_MAX): PeopleCsv {
  const records = readRecords(toText(bytes, name), name, rowsMax + 2);
  const [header, ...body] = records;
  if (header === undefined) throw new GatewayError('config.invalid', `${name} is empty`);
  if (body.length > rowsMax) throw new GatewayError('config.invalid', `${name} has more than ${rowsMax} rows`);
  const names = header.cells.map((cell) => cell.trim().toLowerCase());
  const unknown = names.filter((one) => !(COLUMNS as readonly string[]).includes(one));
  if (unknown.length > 0)
    throw new GatewayError('config.invalid', `${name}: there is no column ${unknown.join(', ')}; there are ${COLUMNS.join(', ')}`);
  if (new Set(names).size < names.length) throw new GatewayError('config.invalid', `${name}: a column is there twice`);
  if (!names.includes('id') || !names.includes('name'))
    throw new GatewayError('config.invalid', `${name}: the columns id and name are needed`);
  return { columns: new Set(names as CsvColumn[]), rows: body.map((record) => toRow(names, record)) };
}

function toText(bytes: Uint8Array, name: string): string {
  try {
    // One kind of line end: the parser takes that of the header for all, and counts the others twice.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll(/\r\n?/g, '\n');
  } catch {
    throw new GatewayError('config.unreadable', `${name} is not UTF-8: save it as CSV UTF-8`);
  }
}

interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

function readRecords(text: string, name: string, count: number): readonly CsvRecord[] {
  const [header = ''] = text.split('\n', 1);
  try {
    const parsed: unknown = parse(text, {
      delimiter: header.includes(',') ? ',' : ';',
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      to: count,
    });
    return (parsed as readonly { readonly record: readonly string[]; readonly info: { readonly lines: number } }[]).map(
      ({ info, record }) => ({
        line: info.lines,
        cells: record,
      }),
    );
  } catch (failure) {
    if (!(failure instanceof CsvError)) throw failure;
    const line = typeof failure['lines'] === 'number' ? ` near line ${failure['lines']}` : '';
    throw new GatewayError('config.invalid', `${name} is no CSV${line}: quotes do not match`, { cause: failure });
  }
}

function toRow(names: readonly string[], { cells, line }: CsvRecord): CsvRow {
  const cell = (name: CsvColumn): string => cells[names.indexOf(name)]?.trim() ?? '';
  const id = cell('id');
  if (cells.length !== names.length) {
    const message = `has ${cells.length} cells, and the header has ${names.length}`;
    return { line, id, active: null, person: null, problems: [{ path: '', message }] };
  }
  const active = toFlag(cell('active'));
  const isUnclear = typeof active === 'string' && active !== '';
  const unclear = isUnclear ? [{ path: 'active', message: 'is not yes or no' }] : [];
  const common = { line, id, active: typeof active === 'boolean' ? active : null };
  const parsed = tryParse(personSchema, toRaw(cell), { error: explainIssue });
  if (parsed.success) return { ...common, person: isUnclear ? null : toPerson(parsed.data), problems: unclear };
  const problems = parsed.error.issues.map(({ message, path }) => ({ path: path.join('.'), message }));
  return { ...common, person: null, problems: [...unclear, ...problems] };
}

/** What the row would be in the YAML file. */
function toRaw(cell: (name: CsvColumn) => string): object {
  const optional = (name: 'email' | 'employment_end') => (cell(name) === '' ? {} : { [name]: cell(name) });
  return {
    id: cell('id'),
    name: cell('name'),
    ...optional('email'),
    ...optional('employment_end'),
    roles: toList(cell('roles')),
    groups: toList(cell('groups')),
    ...(cell('clearance') === '' ? {} : { clearance: toNumber(cell('clearance')) }),
    ...(cell('accessibility') === '' ? {} : { accessibility: toFlag(cell('accessibility')) }),
    badges: toList(cell('badges')).map(toBadge),
  };
}

const toList = (text: string): string[] =>
  text
    .split(/[;|]/)
    .map((value) => value.trim())
    .filter((value) => value !== '');
const toNumber = (text: string): unknown => (/^\d{1,12}$/.test(text) ? Number(text) : text);

function toFlag(text: string): unknown {
  if (['yes', 'true', '1'].includes(text.toLowerCase())) return true;
  return ['no', 'false', '0'].includes(text.toLowerCase()) ? false : text;
}

/** `H10301:12:3456`, or without a facility `H10302:3456`. */
function toBadge(text: string): object {
  const [format, ...rest] = text.split(':');
  const [number, facility] = rest.reverse();
  return { format, number, ...(facility === undefined ? {} : { facility: toNumber(facility) }) };
}
