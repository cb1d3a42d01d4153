import express, { type Router } from 'express';
import type { ImportDesk } from '../../app/people/import-desk.ts';
import type { RowReport, TableReport } from '../../app/people/import-table.ts';
import { GatewayError } from '../../domain/errors.ts';
import { readPeopleCsv, type PeopleCsv } from '../../platform/people-csv.ts';
import { requireCaller } from '../callers.ts';
import {
  IMPORT_BODY_BYTES_MAX,
  IMPORT_ROWS_MAX,
  IMPORT_TOLD_ROWS_MAX,
  importBodySchema,
  importReportSchema,
  type ImportReport,
} from '../contract/people-import.ts';
import { parseBody } from '../middleware/parse.ts';
import { DeniedRequest, InvalidRequest } from '../middleware/request-error.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';

const OUTCOMES = ['added', 'changed', 'unchanged', 'refused', 'closed'] as const;
/** What somebody has to look at comes first: a long table must not hide it. */
const WEIGHT: Readonly<Record<RowReport['outcome'], number>> = { refused: 0, closed: 1, added: 2, changed: 3, unchanged: 4 };

/** A table of people, larger than what other routes read: before the body parser, and only for whoever is signed in. */
export function registerPeopleImportRoute(
  router: Router,
  deps: Pick<RouteDeps, 'authenticate' | 'rateLimits'>,
  importTable: ImportDesk,
): void {
  const readJson = express.json({ limit: IMPORT_BODY_BYTES_MAX, strict: true, type: 'application/json', inflate: false });

  router.post('/people/import', async (request, response, next) => {
    await requireCaller(deps.authenticate, request);
    await deps.rateLimits.count('maintenance', request);
    readJson(request, response, next);
  });

  router.post('/people/import', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    const { close, closeAtMostPercent, complete, dryRun, reason, table } = parseBody(importBodySchema, request);
    const closing = { isComplete: complete, percentMax: closeAtMostPercent, confirmed: close };
    const outcome = await importTable({ operator, reason, table: readTable(table), options: { dryRun, closing } });
    if (!outcome.ok) throw new DeniedRequest(outcome.deny);
    respond(response, importReportSchema, toReport(outcome.decisionId, outcome.report));
  });
}

/** @throws InvalidRequest with what is wrong with the table as a whole */
function readTable(text: string): PeopleCsv {
  try {
    return readPeopleCsv(new TextEncoder().encode(text), 'table', IMPORT_ROWS_MAX);
  } catch (failure) {
    if (failure instanceof GatewayError) throw new InvalidRequest(failure.publicMessage, 'table', { cause: failure });
    throw failure;
  }
}

function toReport(decisionId: string, { applied, closing, ok, rows }: TableReport): ImportReport {
  const count = (outcome: RowReport['outcome']): number => rows.filter((row) => row.outcome === outcome).length;
  const [added = 0, changed = 0, unchanged = 0, refused = 0, closed = 0] = OUTCOMES.map(count);
  const noted = rows.filter(({ outcome, staysClosed }) => outcome !== 'unchanged' || staysClosed);
  const told = noted.toSorted((a, b) => WEIGHT[a.outcome] - WEIGHT[b.outcome]).slice(0, IMPORT_TOLD_ROWS_MAX);
  const counts = { added, changed, unchanged, refused, closed };
  return { decisionId, ok, applied, counts, closing, rows: told, more: noted.length - told.length };
}
