import type { Command } from '../messages/commands.ts';
import type { EncodedMessage } from '../messages/message-table.ts';
import type { Agreement, HandshakeSecret } from '../channels/channel-suite.ts';
import type { Channel } from '../channels/channel.ts';

/** A command that this package has no codec for, as code and data. */
export interface RawCommand {
  readonly name: 'RAW_COMMAND';
  readonly body: EncodedMessage;
}

/** `id` is the driver's, to tell results apart. `urgent` commands leave before all others. */
export interface QueuedCommand {
  readonly id: number;
  /** GENAUTH, CRAUTH and PAIR carry their whole message as one part; the session splits it for the reader. */
  readonly command: Command | RawCommand;
  readonly priority: 'urgent' | 'normal';
  readonly queuedMs: number;
}

/** Why a frame was sent: decides what its reply means. */
export type Purpose =
  /** Of the opening and the questions after it. */
  | { readonly name: 'question' }
  | { readonly name: 'poll' }
  | { readonly name: 'command'; readonly command: QueuedCommand }
  /** One part of the running operation. */
  | { readonly name: 'part' }
  | { readonly name: 'fragment'; readonly byteCount: number }
  | { readonly name: 'key_set' }
  | { readonly name: 'line_set' }
  | { readonly name: 'abort' }
  /** A wish of the session's own; the answer changes nothing. */
  | { readonly name: 'wish' };

/** A frame on its way. `bytes` are kept, because a retry must repeat them exactly. */
export interface InFlight {
  readonly bytes: Uint8Array;
  readonly purpose: Purpose;
  readonly retries: number;
  readonly busyReplies: number;
}

export type Exchange =
  | { readonly name: 'idle' }
  | { readonly name: 'awaiting_reply'; readonly inFlight: InFlight; readonly deadlineMs: number }
  | { readonly name: 'resend_due'; readonly inFlight: InFlight };

/** The key store has one key, or two while it does not know which of them the reader took. */
export type KeyChoice = 'current' | 'next';

interface Handshaking {
  /** Of KEY_KIND: SCBK-D in an installation, a key of the reader's own otherwise. */
  readonly kind: number;
  readonly choice: KeyChoice;
  /** There is a second key that may be the right one. */
  readonly hasOther: boolean;
  /** The key follows from a master key and the reader's cUID. */
  readonly isDiversified: boolean;
}

export type Security =
  | { readonly name: 'none' }
  | (Handshaking & { readonly name: 'challenged'; readonly secret: HandshakeSecret })
  | (Handshaking & { readonly name: 'proving'; readonly agreement: Agreement; readonly clientId: Uint8Array })
  | { readonly name: 'open'; readonly channel: Channel; readonly sinceMs: number; readonly exchanges: number };
