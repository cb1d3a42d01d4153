import { z } from 'zod';
import type { AuditReader } from '../../ports/audit-log.ts';
import type { SecretStore } from '../../ports/secret-store.ts';

/** Where the head of the log is kept: sealed under the master key, in another file than the log itself. */
const HEAD_NAME = 'audit/head';
/** How often the head is kept while the gateway runs, ms: what is cut off the end of the log later than this goes unnoticed. */
export const LOG_HEAD_INTERVAL_MS = 10_000;

const headSchema = z.strictObject({ seq: z.int().min(0), hash: z.string() });

interface LogHeadDeps {
  readonly log: Pick<AuditReader, 'headSeq' | 'read'>;
  readonly secrets: Pick<SecretStore, 'read' | 'write'>;
}

async function hashAt(log: LogHeadDeps['log'], seq: number): Promise<string | null> {
  const [entry] = await log.read({ from: { afterSeq: seq - 1 }, limit: 1 });
  return entry?.seq === seq ? entry.hash : null;
}

/** Keeps the present head. */
export async function keepLogHead({ log, secrets }: LogHeadDeps): Promise<void> {
  const seq = await log.headSeq();
  const hash = await hashAt(log, seq);
  if (hash === null) return;
  await secrets.write(HEAD_NAME, new TextEncoder().encode(JSON.stringify({ seq, hash })));
}

/**
 * `whole`: the log still holds the entry that was its head when the gateway last looked. `rolled_back`: it does not; the file was
 * deleted, replaced by an older copy, or rewritten. The chain alone cannot tell: a shorter log is as consistent as a longer one.
 */
export async function checkLogHead({ log, secrets }: LogHeadDeps): Promise<'whole' | 'rolled_back'> {
  const kept = await secrets.read(HEAD_NAME);
  if (kept === null) return 'whole';
  const { seq, hash } = headSchema.parse(JSON.parse(new TextDecoder().decode(kept)));
  return (await hashAt(log, seq)) === hash ? 'whole' : 'rolled_back';
}
