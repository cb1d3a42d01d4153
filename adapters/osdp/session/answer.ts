import type { EncodedMessage } from '../messages/message-table.ts';
import type { Reply } from '../messages/replies.ts';

/** A reply out of a verified frame. */
export interface Answer {
  /** Null when the code is unknown or the body contradicts itself. */
  readonly reply: Reply | null;
  readonly raw: EncodedMessage;
  readonly isMalformed: boolean;
}
