import { CHANNEL_SUITE_1 } from '../secure-channel/suite-1.ts';
import { CHANNEL_SUITE_2 } from '../secure-channel-2/suite-2.ts';
import type { ChannelSuite, ChannelVersion } from './channel-suite.ts';

/** Secure channel 2 is spoken only where it is configured, and then nothing else is: neither end ever tries the other one. */
export function suiteOf(version: ChannelVersion = 1): ChannelSuite {
  return version === 1 ? CHANNEL_SUITE_1 : CHANNEL_SUITE_2;
}
