import { setTimeout as delay } from 'node:timers/promises';
import { explainLineQuality, lineQualityFigures } from '../http/contract/line-quality.ts';
import { cancelledSchema, operationDetailSchema, type Operation } from '../http/contract/reader-operations.ts';
import type { ApiClient } from './api-client.ts';
import type { CliContext } from './cli-context.ts';
import { CliError, EXIT } from './cli-error.ts';

/** How often a running operation is asked after, ms. */
const ASK_INTERVAL_MS = 300;

type Progress = Operation['readers'][number];

const STAGES: Readonly<Record<NonNullable<Progress['stage']>, string>> = {
  waiting: 'the window is open; waiting for the reader',
  answered: 'the reader takes the key of the standard (SCBK-D)',
  first_key_sent: 'first key sent',
  final_key_sent: 'second key sent: who did not hear the first cannot read it',
  key_sent: 'new key sent',
  sending: 'sending',
  moving: 'told to move',
  testing: 'testing',
};

const CODES: Readonly<Record<string, string>> = {
  'reader.offline': 'does not answer',
  'reader.timeout': 'nobody answered in time',
  'reader.refused': 'the reader, or whoever answers for it, refused',
  'reader.unsupported': 'the reader does not know this',
  'reader.aborted': 'stopped',
  'reader.key_missing': 'has no key: pair it, or give it one with `gatehouse reader key`',
  'reader.key_diversified':
    'its key follows from the master key of its site: give the whole site new ones with `gatehouse osdp keyset --site`',
  'reader.keys_unsettled': 'too many windows in which the reader never answered: reset it, then `gatehouse reader key`',
};

/** Says what happens until it is over; the first Ctrl+C stops it. Throws when something of it failed. @throws CliError */
export async function followOperation(context: CliContext, api: ApiClient, begun: Operation, isJson: boolean): Promise<Operation> {
  const signal = context.catchInterrupt();
  const said = new Map<string, string>();
  let isStopping = false;
  for (let operation = begun; ;) {
    if (!isJson) sayNews(context, operation, said);
    if (operation.endedAtMs !== null) return finish(context, operation, isJson);
    if (signal.aborted && !isStopping) {
      isStopping = true;
      const { cancelled } = await api.post(`/api/reader-operations/${operation.id}/cancel`, {}, cancelledSchema);
      context.out.problem(cancelled ? 'Stopping.' : 'This cannot be stopped half way: it comes to its end.');
    }
    await delay(ASK_INTERVAL_MS, undefined, isStopping ? {} : { signal }).catch(() => undefined);
    operation = (await api.get(`/api/reader-operations/${operation.id}`, operationDetailSchema)).operation;
  }
}

function sayNews({ out }: CliContext, { readers }: Operation, said: Map<string, string>): void {
  for (const progress of readers) {
    const text = toText(progress);
    if (said.get(progress.readerId) === text) continue;
    said.set(progress.readerId, text);
    if (text !== '') out.line(`${progress.readerId}: ${text}`);
  }
}

function toText({ state, stage, code, sentBytes, totalBytes, test }: Progress): string {
  const why = code === null ? '' : (CODES[code] ?? code);
  if (test !== null) return toTestText(state, test, why);
  if (state === 'done') return 'done';
  if (state === 'cancelled') return 'not done: stopped';
  if (state === 'failed') return `failed: ${why}`;
  if (state === 'pending') return why === '' ? '' : `waits: ${why}${code === 'reader.offline' ? '; it is done when it is back' : ''}`;
  if (totalBytes > 0) return `${Math.floor((100 * sentBytes) / totalBytes)} % of ${totalBytes} bytes`;
  return stage === null ? 'running' : STAGES[stage];
}

/** A tenth of the way is news. */
function toTestText(state: Progress['state'], { done, total, quality }: NonNullable<Progress['test']>, why: string): string {
  if (state === 'running') return `${Math.floor((10 * done) / total) * 10} % of ${total} commands`;
  if (quality === null) return `not tested: ${why}`;
  const verdict = explainLineQuality(quality);
  const figures = lineQualityFigures(quality);
  return `${state === 'done' ? verdict.label : `not finished: ${why}`}; ${figures}${state === 'done' ? `. ${verdict.meaning} ${verdict.remedy}` : ''}`;
}

function finish({ out }: CliContext, operation: Operation, isJson: boolean): Operation {
  if (isJson) out.line(JSON.stringify({ operation }));
  const undone = operation.readers.filter(({ state }) => state !== 'done');
  if (undone.length > 0) throw new CliError(EXIT.refused, `${undone.length} of ${operation.readers.length} not done`);
  return operation;
}
