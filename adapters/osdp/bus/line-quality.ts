import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { LineQuality } from '#gateway/ports/reader-maintenance.ts';
import type { Command } from '../messages/commands.ts';
import { EMPTY } from '../messages/fields.ts';
import type { LedControl } from '../messages/output-codecs.ts';
import type { ExchangeResult } from './exchange-result.ts';
import type { ReaderCounters } from './reader-metrics.ts';

export const EXCHANGES_DEFAULT = 200;
export const EXCHANGES_MAX = 10_000;
/** Up to this share of exchanges that had to be repeated, a line is good; up to the next it works and somebody should look at it. */
export const ERROR_SHARE_GOOD_MAX = 0.002;
export const ERROR_SHARE_MARGINAL_MAX = 0.02;
/** Bits that change nothing (control code 0, twice): seven of them make the longest command that every reader takes. */
const LED_CONTROLS_MAX = 7;
const NO_PATTERN = { action: 0, on100Ms: 0, off100Ms: 0, onColour: 0, offColour: 0 } as const;
const NO_CHANGE: LedControl = { reader: 0, led: 0, temporary: { ...NO_PATTERN, timer100Ms: 0 }, permanent: NO_PATTERN };

const CAPABILITIES: Command = { name: 'CAP', body: { form: 0 } };

export interface ReaderLineQuality extends LineQuality {
  readonly readerId: ReaderId;
}

/** What the test needs of a bus. */
export interface LineUnderTest {
  exchange(readerId: ReaderId, command: Command, priority: 'urgent' | 'normal'): Promise<ExchangeResult>;
  readonly readerCounters: ReadonlyMap<ReaderId, ReaderCounters>;
}

/**
 * Sends commands of varied length to readers that are on line, one after another, between the polls, and judges what had to be repeated. It changes
 * nothing at a reader. A refusal is an answer: the line carried it. Ends early when `signal` aborts.
 */
export async function testLineQuality(
  line: LineUnderTest,
  readerIds: readonly ReaderId[],
  options: { readonly exchanges?: number; readonly signal?: AbortSignal; readonly onProgress?: (done: number, total: number) => void } = {},
): Promise<readonly ReaderLineQuality[]> {
  const exchanges = options.exchanges ?? EXCHANGES_DEFAULT;
  if (!Number.isInteger(exchanges) || exchanges < 1 || exchanges > EXCHANGES_MAX)
    throw new TypeError(`exchanges must be 1..${EXCHANGES_MAX}`);
  const results: ReaderLineQuality[] = [];
  for (const [index, readerId] of readerIds.entries()) {
    const before = line.readerCounters.get(readerId);
    let answered = 0;
    let failed = 0;
    for (let count = 0; count < exchanges && options.signal?.aborted !== true; count += 1) {
      const asked = await line.exchange(readerId, commandOf(count), 'normal');
      // A reader without lights is not sent any: it is asked something, and the line is none the worse for it.
      const isLightless = !asked.ok && asked.code === 'reader.unsupported';
      const result = isLightless ? await line.exchange(readerId, CAPABILITIES, 'normal') : asked;
      if (result.ok || result.code === 'reader.refused') answered += 1;
      else failed += 1;
      options.onProgress?.(index * exchanges + count + 1, readerIds.length * exchanges);
      if (!result.ok && (result.code === 'reader.unknown' || result.code === 'reader.offline')) break;
    }
    results.push(judge(readerId, { answered, failed }, before, line.readerCounters.get(readerId)));
  }
  return results;
}

/** Status questions, then lights that do not change, longer and longer. */
function commandOf(count: number): Command {
  const length = count % (LED_CONTROLS_MAX + 1);
  if (length > 0) return { name: 'LED', body: Array.from({ length }, () => NO_CHANGE) };
  return count % 2 === 0 ? { name: 'LSTAT', body: EMPTY } : CAPABILITIES;
}

function judge(
  readerId: ReaderId,
  { answered, failed }: { readonly answered: number; readonly failed: number },
  before: ReaderCounters | undefined,
  after: ReaderCounters | undefined,
): ReaderLineQuality {
  const retries = (after?.retries ?? 0) - (before?.retries ?? 0);
  const frames = (after?.exchanges ?? 0) - (before?.exchanges ?? 0);
  const errorShare01 = frames === 0 ? 1 : Math.min(1, (retries + failed) / frames);
  return {
    readerId,
    exchanges: answered,
    failed,
    retries,
    badChecks: (after?.badChecks ?? 0) - (before?.badChecks ?? 0),
    errorShare01,
    roundTripP50Ms: after?.roundTripP50Ms ?? 0,
    roundTripP99Ms: after?.roundTripP99Ms ?? 0,
    verdict: answered === 0 ? 'bad' : toVerdict(errorShare01),
  };
}

export function toVerdict(errorShare01: number): LineQuality['verdict'] {
  if (errorShare01 <= ERROR_SHARE_GOOD_MAX) return 'good';
  return errorShare01 <= ERROR_SHARE_MARGINAL_MAX ? 'marginal' : 'bad';
}
