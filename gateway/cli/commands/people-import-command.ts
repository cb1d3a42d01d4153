import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { PeopleTable, RowReport } from '../../app/people/import-table.ts';
import { CLOSING_PERCENT_DEFAULT, NO_CLOSING_BEYOND_MARKS } from '../../app/people/plan-closings.ts';
import { importReportSchema, type ImportBody, type ImportReport } from '../../http/contract/people-import.ts';
import type { Config } from '../../platform/config/config.ts';
import { readPeopleCsv } from '../../platform/people-csv.ts';
import { PEOPLE_FILE_BYTES_MAX, PEOPLE_MAX } from '../../platform/people-file.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { findGateway, requireConfig } from '../find-gateway.ts';

/** Rows that are printed; --json has all of them. */
export const PRINTED_ROWS_MAX = 1_000;
/** A table of many people is compared with the store row by row, and each suspension waits for the apps. */
const IMPORT_TIMEOUT_MS = 600_000;

type ImportOptions = GlobalOptions & {
  readonly dryRun?: true;
  readonly complete?: true;
  readonly closeAtMost: string;
  readonly close?: string;
  readonly reason?: string;
};

export function registerPeopleImportCommand(program: Command, context: CliContext): void {
  program
    .command('people')
    .description('people from tables')
    .command('import')
    .argument(
      '<file>',
      `CSV in UTF-8 with a header, at most ${PEOPLE_MAX} rows: id, name, and any of email, roles, groups, clearance, employment_end, accessibility, badges, active`,
    )
    .description('add or replace people row by row; a column that is not there stays as it is, and one wrong row stops all')
    .option('--dry-run', 'only report what each row would change')
    .option('--complete', 'the table has everybody: whoever is in force and not in it is suspended, like rows with active = no')
    .option('--close-at-most <percent>', 'of the people in force; more are closed only with --close', String(CLOSING_PERCENT_DEFAULT))
    .option('--close <count>', 'close exactly so many people, as the dry run has told')
    .option('--reason <text>', 'why, where the table closes people; stands in the log')
    .addHelpText(
      'after',
      examples(
        'gatehouse people import hr.csv --dry-run',
        'gatehouse people import hr.csv',
        'gatehouse people import hr.csv --complete --close 12 --reason "HR export of November"',
      ),
    )
    .action((file: string, _own: unknown, command: Command) => importTable(context, file, command.optsWithGlobals()));
}

async function importTable(context: CliContext, file: string, options: ImportOptions): Promise<void> {
  const config = requireConfig(context, options);
  const bytes = readBytes(resolve(context.cwd, file), file);
  const table = readPeopleCsv(bytes, file);
  // Only the gateway closes doors and sessions: what suspends people goes there, and everything else to the store.
  const closes = options.complete === true || table.columns.has('active');
  const report = closes ? await sendTable(context, { bytes, options }) : await importHere(context, { config, table, options });
  if (options.json) context.out.line(JSON.stringify(report));
  else print(context, report);
  if (!report.closing.isAllowed) throw new CliError(EXIT.refused, toGuardText(report.closing));
  if (!report.ok) throw new CliError(EXIT.refused, 'nothing was imported: see the refused rows');
}

type Told = Pick<ImportReport, 'ok' | 'applied' | 'counts' | 'closing' | 'rows' | 'more'>;

async function importHere(
  context: CliContext,
  { config, options, table }: { readonly config: Config; readonly table: PeopleTable; readonly options: ImportOptions },
): Promise<Told> {
  const tools = await context.tools();
  const report = await tools.importTable(config, table, { dryRun: options.dryRun === true, closing: NO_CLOSING_BEYOND_MARKS });
  return { ...report, counts: countRows(report.rows), more: 0 };
}

async function sendTable(
  context: CliContext,
  { bytes, options }: { readonly bytes: Uint8Array; readonly options: ImportOptions },
): Promise<Told> {
  const { reason } = options;
  if (reason === undefined) throw new CliError(EXIT.usage, 'a table that closes people needs --reason: it stands in the log');
  const body: ImportBody = {
    table: new TextDecoder().decode(bytes),
    dryRun: options.dryRun === true,
    complete: options.complete === true,
    closeAtMostPercent: toNumber(options.closeAtMost, '--close-at-most'),
    close: options.close === undefined ? null : toNumber(options.close, '--close'),
    reason,
  };
  return findGateway(context, options).post('/api/people/import', body, importReportSchema, { timeoutMs: IMPORT_TIMEOUT_MS });
}

function toNumber(text: string, option: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new CliError(EXIT.usage, `${option} is not a number`);
  return Number(text);
}

function toGuardText({ allowed, inForce, people }: Told['closing']): string {
  return `this would suspend ${people} of ${inForce} people, and ${allowed} at most are suspended unasked; if that is meant: --close ${people}`;
}

function readBytes(path: string, name: string): Uint8Array {
  try {
    if (statSync(path).size > PEOPLE_FILE_BYTES_MAX)
      throw new CliError(EXIT.usage, `${name} is larger than ${PEOPLE_FILE_BYTES_MAX} bytes`);
    return readFileSync(path);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(EXIT.usage, `${name} cannot be read`, { cause });
  }
}

function countRows(rows: readonly RowReport[]): Told['counts'] {
  const count = (outcome: RowReport['outcome']): number => rows.filter((row) => row.outcome === outcome).length;
  return {
    added: count('added'),
    changed: count('changed'),
    unchanged: count('unchanged'),
    refused: count('refused'),
    closed: count('closed'),
  };
}

const WEIGHT: Readonly<Record<RowReport['outcome'], number>> = { refused: 0, closed: 1, added: 2, changed: 2, unchanged: 3 };

function print({ out }: CliContext, { applied, closing, counts, more, rows }: Told): void {
  const told = rows.filter(({ outcome, staysClosed }) => outcome !== 'unchanged' || staysClosed);
  // What is wrong first, then who is closed: a long table must not hide it.
  const shown = told.toSorted((a, b) => WEIGHT[a.outcome] - WEIGHT[b.outcome]).slice(0, PRINTED_ROWS_MAX);
  if (shown.length > 0)
    out.table(
      ['LINE', 'PERSON', 'OUTCOME', 'WHAT'],
      shown.map((row) => [row.line === null ? '-' : String(row.line), row.id, row.outcome, toText(row)]),
    );
  const hidden = told.length - shown.length + more;
  if (hidden > 0) out.line(`and ${hidden} more rows: --json shows all`);
  const text = (['added', 'changed', 'unchanged', 'refused'] as const).map((outcome) => `${counts[outcome]} ${outcome}`).join(', ');
  const closed = closing.people === 0 ? '' : `, ${closing.people} suspended`;
  out.line(`${applied ? 'imported' : 'not imported'}: ${text}${closed}`);
}

function toText({ changes, problems, staysClosed }: RowReport): string {
  if (problems.length > 0) return problems.map(({ message, path }) => (path === '' ? message : `${path} ${message}`)).join('; ');
  return [...changes, ...(staysClosed ? ['stays suspended: two operators bring somebody back (gatehouse reinstate)'] : [])].join(' ');
}
