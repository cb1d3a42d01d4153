import type { ChannelVersion } from '../channels/channel-suite.ts';
import type { Command } from '../messages/commands.ts';
import type { Capability, DeviceIdentity } from '../messages/identity-codecs.ts';
import type { ManufacturerMessage } from '../messages/manufacturer-codecs.ts';
import type { PdQuirks } from '../pd/quirks.ts';
import type { PdSecurityMode } from '../pd/state.ts';
import type { PdReply } from '../pd/transition.ts';
import type { PdClock } from './pd-clock.ts';
import type { PdPairingOptions } from './pd-pairings.ts';

export interface SimulatedPdOptions {
  readonly address: number;
  /** 16 bytes, 32 for secure channel 2; copied. */
  readonly scbk: Uint8Array;
  /** The only one that it speaks; 1 if not said. 2 is a draft. */
  readonly secureChannel?: ChannelVersion;
  /** Takes part in pairing (secure channel 2, draft); knows no osdp_PAIR if not said. */
  readonly pairing?: PdPairingOptions;
  /** `keyed` if not said: nothing without the key. */
  readonly security?: PdSecurityMode;
  readonly identity?: DeviceIdentity;
  readonly inputCount?: number;
  readonly outputCount?: number;
  readonly ledCount?: number;
  readonly baud?: number;
  /** cUID, 8 bytes; random if not said. */
  readonly clientId?: Uint8Array;
  /** Instead of the list that follows from the other options. */
  readonly capabilities?: readonly Capability[];
  /** Answered with NAK 3. */
  readonly unsupported?: readonly Command['name'][];
  /** Longest frame it takes, and longest message put together from parts. */
  readonly receiveMax?: number;
  readonly combinedMax?: number;
  readonly clearComset?: 'accepted' | 'refused';
  /** A frame with a wrong check is answered with NAK 1 if not said otherwise. */
  readonly brokenFrames?: 'refused' | 'ignored';
  readonly answerVendor?: (message: ManufacturerMessage) => PdReply;
  /** How long the device works on a command; above 0 the ACU first hears osdp_BUSY. */
  readonly workMs?: (command: Command) => number;
  readonly quirks?: PdQuirks;
  readonly clock?: PdClock;
  readonly random?: (length: number) => Uint8Array;
}
