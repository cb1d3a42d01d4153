import { z } from 'zod';
import { deskAskedSchema, deskOutcomeSchema } from '#gateway/http/contract/desk.ts';
import { postJson } from './client.ts';

const POLL_MS = 300;
const AGENT_TIMEOUT_MS = 5_000;

const guidanceSchema = z.object({ say: z.string().nullable() });

type Asked = Extract<z.infer<typeof deskAskedSchema>, { state: 'asked' }>;
type Outcome = z.infer<typeof deskOutcomeSchema>;
type Seen = Extract<Outcome, { state: 'answered' }>['seen'];

/** What a look came to. `no_agent`: nothing on this computer answered; `busy`: it answers somebody else; `not_yours`: it is not enrolled for this person. */
export type DeskLookEnd = Seen | 'withheld' | 'no_desk' | 'too_many' | 'no_agent' | 'busy' | 'not_yours' | 'too_late';

/** The desk agent of this machine. Null: it did not answer. */
async function callAgent(url: string, body: object, signal: AbortSignal): Promise<Response | null> {
  const init: RequestInit = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const quiet: RequestInit = { credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'error', cache: 'no-store' };
  const timed = AbortSignal.any([signal, AbortSignal.timeout(AGENT_TIMEOUT_MS)]);
  return fetch(url, { ...init, ...quiet, signal: timed }).catch(() => null);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function guidanceOf({ agent, nonce }: Asked, signal: AbortSignal): Promise<string | null> {
  const response = await callAgent(`${agent}/guidance`, { nonce }, signal);
  if (response === null || !response.ok) return null;
  const parsed = guidanceSchema.safeParse(await response.json().catch(() => null));
  return parsed.success ? parsed.data.say : null;
}

async function follow(path: string, asked: Asked, { onSay, signal }: LookOptions): Promise<DeskLookEnd> {
  while (Date.now() < asked.expiresAtMs && !signal.aborted) {
    const outcome = await postJson(`${path}/desk/outcome`, { nonce: asked.nonce }, deskOutcomeSchema);
    if (outcome.state === 'answered') return outcome.seen;
    if (outcome.state === 'refused') return 'withheld';
    onSay(await guidanceOf(asked, signal));
    await pause(POLL_MS);
  }
  return 'too_late';
}

interface LookOptions {
  readonly signal: AbortSignal;
  /** What the person can do now, by the words of the terminal; null = wait. */
  readonly onSay: (say: string | null) => void;
}

/**
 * Hands the gateway's question to the agent of this machine, and asks the gateway what came of it: the agent's own word about that would be
 * no proof of anything.
 */
export async function lookAtThisComputer(path: string, options: LookOptions): Promise<DeskLookEnd> {
  const asked = await postJson(`${path}/desk`, {}, deskAskedSchema);
  if (asked.state !== 'asked') return asked.state;
  const response = await callAgent(`${asked.agent}/look`, { challenge: asked.challenge }, options.signal);
  if (response === null) return 'no_agent';
  if (response.status === 409) return 'busy';
  return response.ok ? follow(path, asked, options) : 'not_yours';
}
