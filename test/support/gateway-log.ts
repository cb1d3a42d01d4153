import { doorsSchema, logPageSchema, type Entry } from '#gateway/http/contract/admin.ts';
import { until, type RunningGateway } from './running-gateway.ts';

const PAGE_MAX = 500;
const PAGES_MAX = 100;
const LOGGED_WITHIN_MS = 5_000;
const READERS_WITHIN_MS = 20_000;

/** The newest entries of these types (`decision,door_state`), oldest first. */
export async function readLog(gateway: RunningGateway, types: string, limit = PAGE_MAX): Promise<readonly Entry[]> {
  const { entries } = await gateway.api.get(`/api/log?types=${types}&limit=${limit}`, logPageSchema);
  return entries.toReversed();
}

/** All entries of these types, oldest first. */
export async function readWholeLog(gateway: RunningGateway, types: string): Promise<readonly Entry[]> {
  const pages: Entry[][] = [];
  let before: number | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query: string = before === null ? '' : `&before=${before}`;
    const { entries, next } = await gateway.api.get(`/api/log?types=${types}&limit=${PAGE_MAX}${query}`, logPageSchema);
    pages.unshift(entries.toReversed());
    if (next === null) return pages.flat();
    before = next;
  }
  throw new Error('the log of a test is not that long');
}

/** Waits for an entry of these types that `isWanted`, among the newest. */
export async function untilLogged(
  gateway: RunningGateway,
  types: string,
  isWanted: (record: Entry['record'], seq: number) => boolean,
): Promise<Entry> {
  return until(`an entry of ${types}`, LOGGED_WITHIN_MS, async () => {
    const entries = await readLog(gateway, types, 50);
    return entries.find(({ record, seq }) => isWanted(record, seq)) ?? null;
  });
}

/** Waits for the first decision about this person after `afterSeq`. */
export async function nextDecisionAbout(gateway: RunningGateway, personId: string, afterSeq: number) {
  const { record, seq } = await untilLogged(
    gateway,
    'decision',
    (record, seq) => seq > afterSeq && record.type === 'decision' && record.personId === personId,
  );
  if (record.type !== 'decision') throw new TypeError('only decisions were asked for');
  return { ...record, seq };
}

/** Resolves when every reader of the gateway answers over its secure channel. */
export async function untilReadersAnswer(gateway: RunningGateway): Promise<void> {
  await until('every reader answers', READERS_WITHIN_MS, async () => {
    const { doors } = await gateway.api.get('/api/doors', doorsSchema);
    return doors.every(({ readers }) => readers.every(({ online }) => online)) ? true : null;
  });
}
