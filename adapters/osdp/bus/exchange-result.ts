import type { CommandResult } from '#gateway/ports/readers.ts';
import type { EncodedMessage } from '../messages/message-table.ts';
import type { Reply } from '../messages/replies.ts';
import type { CommandDone } from '../session/command-result.ts';

export type ExchangeFailure = Extract<CommandResult, { ok: false }>['code'];

/** What came of one command. `raw` is the answer as code and data, also where `reply` is null because the code is unknown; null for operations of many. */
export type ExchangeResult =
  | { readonly ok: true; readonly reply: Reply | null; readonly raw: EncodedMessage | null }
  | { readonly ok: false; readonly code: ExchangeFailure; readonly nak?: number };

export function toExchangeResult(done: CommandDone): ExchangeResult {
  if (done.result === 'ok') return { ok: true, reply: done.reply, raw: done.raw };
  const code: ExchangeFailure = `reader.${done.result}`;
  return done.nak === null ? { ok: false, code } : { ok: false, code, nak: done.nak };
}
