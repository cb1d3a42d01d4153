import type { ChannelSuite, HandshakeSecret } from '../channels/channel-suite.ts';
import { KEY_TYPE } from '../messages/line-codecs.ts';
import { HANDSHAKE_RESULT, KEY_KIND, SCS } from '../wire/security-block.ts';
import { BLOCK_LENGTH } from './aes-blocks.ts';
import { openChannel } from './channel.ts';
import { clientCryptogram, initialRMac, serverCryptogram } from './cryptograms.ts';
import { beginDiversified } from './diversified-key.ts';
import { NONCE_LENGTH, SCBK_LENGTH, deriveSessionKeys } from './session-keys.ts';

/** Header 5, security block 2, code 1, MAC 4, CRC 2. */
const ENVELOPE_LENGTH = 14;

/** Secure channel 1 (OSDP 2.2 annex D). Its session keys are known before RND.B is. */
export const CHANNEL_SUITE_1: ChannelSuite = {
  version: 1,
  scbkLength: SCBK_LENGTH,
  nonceLength: NONCE_LENGTH,
  cryptogramLength: BLOCK_LENGTH,
  keyType: KEY_TYPE.scbk,
  blocks: {
    challenge: SCS.challenge,
    clientCryptogram: SCS.clientCryptogram,
    serverCryptogram: SCS.serverCryptogram,
    result: SCS.initialRMac,
  },
  ownKeyKind: KEY_KIND.scbk,
  accepted: HANDSHAKE_RESULT.ok,
  hasDefaultKey: true,
  // The cipher works in whole blocks and its padding takes at least one byte.
  bodyMax: (frameMax) => Math.floor((frameMax - ENVELOPE_LENGTH) / BLOCK_LENGTH) * BLOCK_LENGTH - 1,
  begin,
  beginDiversified: (masterKey, rndA) => beginDiversified((scbk) => begin(scbk, rndA), masterKey),
};

function begin(scbk: Uint8Array, rndA: Uint8Array): HandshakeSecret {
  const keys = deriveSessionKeys(scbk, rndA);
  return {
    destroy: () => keys.destroy(),
    agree(rndB) {
      const server = serverCryptogram(keys, rndA, rndB);
      const rMac = initialRMac(keys, server);
      return {
        keys,
        clientCryptogram: clientCryptogram(keys, rndA, rndB),
        serverCryptogram: server,
        confirmation: rMac,
        channel: openChannel(keys, rMac),
        leftover: null,
      };
    },
  };
}
