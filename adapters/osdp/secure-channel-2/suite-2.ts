import type { ChannelSuite, HandshakeSecret } from '../channels/channel-suite.ts';
import { KEY_TYPE } from '../messages/line-codecs.ts';
import { KEY_KIND, SCS2 } from '../wire/security-block.ts';
import { openChannel2 } from './channel-2.ts';
import { CRYPTOGRAM2_LENGTH, NONCE2_LENGTH, SCBK2_LENGTH, deriveSessionKeys2 } from './session-keys-2.ts';

/** Header 5, security block 2, code 1, tag 16, CRC 2. */
const ENVELOPE_LENGTH = 26;
const NO_BYTES = new Uint8Array(0);

/** Secure channel 2 (draft). It has no key that everybody knows: a reader gets its first one by another way than the line. */
export const CHANNEL_SUITE_2: ChannelSuite = {
  version: 2,
  scbkLength: SCBK2_LENGTH,
  nonceLength: NONCE2_LENGTH,
  cryptogramLength: CRYPTOGRAM2_LENGTH,
  keyType: KEY_TYPE.scbk2,
  blocks: {
    challenge: SCS2.challenge,
    clientCryptogram: SCS2.clientCryptogram,
    serverCryptogram: SCS2.serverCryptogram,
    result: SCS2.result,
  },
  ownKeyKind: KEY_KIND.scbk2,
  accepted: KEY_KIND.scbk2,
  hasDefaultKey: false,
  beginDiversified: null,
  bodyMax: (frameMax) => frameMax - ENVELOPE_LENGTH,
  begin(scbk, rndA) {
    if (scbk.length !== SCBK2_LENGTH || rndA.length !== NONCE2_LENGTH) throw new TypeError('key or nonce of another secure channel');
    // The session keys need RND.B: until it comes the key itself is kept.
    let kept: Uint8Array | null = new Uint8Array(scbk);
    const secret: HandshakeSecret = {
      destroy() {
        kept?.fill(0);
        kept = null;
      },
      agree(rndB, clientId) {
        if (kept === null) throw new TypeError('this handshake is over');
        const keys = deriveSessionKeys2(kept, rndA, rndB);
        return {
          keys,
          clientCryptogram: keys.cryptogram(rndA, rndB),
          serverCryptogram: keys.cryptogram(rndB, rndA),
          confirmation: NO_BYTES,
          channel: openChannel2(keys, clientId),
          leftover: secret,
        };
      },
    };
    return secret;
  },
};
