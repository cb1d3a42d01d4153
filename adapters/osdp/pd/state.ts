import type { Agreement, ChannelVersion } from '../channels/channel-suite.ts';
import type { Channel } from '../channels/channel.ts';
import type { Command } from '../messages/commands.ts';
import type { Assembly, Part } from '../messages/multi-part.ts';
import type { KeyReference } from '../messages/piv-codecs.ts';
import type { Reply } from '../messages/replies.ts';
import type { Sequence } from '../wire/control-byte.ts';
import type { Frame } from '../wire/frame.ts';
import type { PdQuirks } from './quirks.ts';

/**
 * `keyed`: its own key or nothing. `install`: also SCBK-D, until osdp_KEYSET has given it a key. `none`: an old reader that knows no secure
 * channel and does everything in clear.
 */
export type PdSecurityMode = 'keyed' | 'install' | 'none';

export interface PdConfig {
  /** cUID, 8 bytes. */
  readonly clientId: Uint8Array;
  /** Longest frame it takes (osdp_PDCAP function 10). */
  readonly receiveMax: number;
  /** Longest message put together from parts (osdp_PDCAP function 11). */
  readonly combinedMax: number;
  /** osdp_COMSET outside a channel. The standard lets it pass; a hardened reader does not. */
  readonly clearComset: 'accepted' | 'refused';
  /** The only one that it speaks; 1 if not said. A reader of 2 has a key of 32 bytes and knows no SCBK-D. */
  readonly secureChannel?: ChannelVersion;
  /** Takes osdp_PAIR in clear (secure channel 2, draft); not if not said. */
  readonly canPair?: boolean;
  readonly quirks: PdQuirks;
}

export type PdKeyKind = 'scbk' | 'scbk_d';

export type PdSecurity =
  | { readonly name: 'none' }
  | {
      readonly name: 'challenged';
      readonly agreement: Agreement;
      readonly keyKind: PdKeyKind;
    }
  | { readonly name: 'open'; readonly channel: Channel; readonly keyKind: PdKeyKind };

/** A command that the device is carrying out. */
export interface Pending {
  /** A device that was slow may answer what nobody waits for any more. */
  readonly id: number;
  readonly frame: Frame;
  readonly command: Command;
  readonly isSecured: boolean;
  /** The ACU was told to ask again: the reply waits for its retry. */
  readonly wasBusy: boolean;
}

/** A command in parts. What stands in its first part beside the fragment is kept. */
export interface Incoming {
  readonly code: number;
  readonly assembly: Assembly;
  readonly reference: KeyReference | null;
}

/** A reply in parts; each further one is fetched by a poll. */
export interface Outgoing {
  readonly name: MultiPartReplyName;
  readonly parts: readonly Part[];
}

export type MultiPartReplyName = Extract<Reply, { readonly body: Part }>['name'];

export interface PdState {
  readonly config: PdConfig;
  readonly address: number;
  readonly mode: PdSecurityMode;
  readonly scbk: Uint8Array | null;
  /** Of the last accepted command; null before the first, when only 0 is right. */
  readonly sequence: Sequence | null;
  readonly lastCommand: Uint8Array | null;
  /** The bytes that an identical command is answered with; null while there are none yet. */
  readonly lastReply: Uint8Array | null;
  /** What the last reply said, until the next command shows that it has arrived. */
  readonly undelivered: Reply | null;
  /** When it last heard a command for itself. */
  readonly heardMs: number;
  /** When the channel was last used. */
  readonly usedMs: number;
  readonly wasPolled: boolean;
  readonly security: PdSecurity;
  readonly busyReplies: number;
  /** Longest frame the ACU takes; null until it has said so. */
  readonly acuReceiveMax: number | null;
  readonly incoming: Incoming | null;
  readonly outgoing: Outgoing | null;
  readonly pending: Pending | null;
  /** Commands given to the device so far. */
  readonly executions: number;
}

export interface PdStart {
  readonly config: PdConfig;
  readonly address: number;
  readonly mode: PdSecurityMode;
  /** Copied. */
  readonly scbk: Uint8Array | null;
}

export function initialPd({ config, address, mode, scbk }: PdStart): PdState {
  return {
    config,
    address,
    mode,
    scbk: scbk === null ? null : new Uint8Array(scbk),
    sequence: null,
    lastCommand: null,
    lastReply: null,
    undelivered: null,
    heardMs: Number.NEGATIVE_INFINITY,
    usedMs: Number.NEGATIVE_INFINITY,
    wasPolled: false,
    security: { name: 'none' },
    busyReplies: 0,
    acuReceiveMax: null,
    incoming: null,
    outgoing: null,
    pending: null,
    executions: 0,
  };
}
