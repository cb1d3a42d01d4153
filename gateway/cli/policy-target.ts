import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { revisionResultSchema, revisionsSchema } from '../http/contract/policy.ts';
import type { ApiClient } from './api-client.ts';
import type { CliContext } from './cli-context.ts';
import { CliError, EXIT } from './cli-error.ts';
import { commitOf, readPolicyFolder } from './read-policy-folder.ts';

export const TARGET = 'id of a revision, `active`, or a folder: that is proposed as a draft first';
export const REVISION = 'id of a revision, or `active`';
const SEND_TIMEOUT_MS = 60_000;

/** The id of a revision; a folder is sent as a draft, which is then the revision. */
export async function revisionOf(
  context: CliContext,
  api: ApiClient,
  { text, note }: { readonly text: string; readonly note: string },
): Promise<string> {
  const folder = resolve(context.cwd, text);
  const isFolder = !text.startsWith('rev_') && existsSync(folder) && statSync(folder).isDirectory();
  if (!isFolder) return knownRevision(api, text);
  const commit = commitOf(folder);
  const body = { content: readPolicyFolder(folder), note: note === '' && commit !== '' ? `git ${commit}` : note };
  const { revision } = await api.post('/api/policy/drafts', body, revisionResultSchema, { timeoutMs: SEND_TIMEOUT_MS });
  context.out.problem(`${text} is draft ${revision.id}`);
  return revision.id;
}

export async function knownRevision(api: ApiClient, text: string): Promise<string> {
  if (text.startsWith('rev_')) return text;
  if (text !== 'active') throw new CliError(EXIT.usage, `${text} is no revision and no folder`);
  const { activations } = await api.get('/api/policy/revisions?limit=1', revisionsSchema);
  const [active] = activations;
  if (active === undefined) throw new CliError(EXIT.refused, 'no revision is active');
  return active.revisionId;
}

export const revisionPath = (id: string, step = ''): string => `/api/policy/revisions/${encodeURIComponent(id)}${step}`;
