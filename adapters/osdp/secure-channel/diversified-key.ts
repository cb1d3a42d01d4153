import type { HandshakeSecret } from '../channels/channel-suite.ts';
import { BLOCK_LENGTH, createAesBlocks } from './aes-blocks.ts';
import { SCBK_LENGTH } from './session-keys.ts';

/** As long as the keys that come from it. */
export const MASTER_KEY_LENGTH = SCBK_LENGTH;
export const CLIENT_ID_LENGTH = 8;

/**
 * SCBK = AES-128(master key, cUID || NOT cUID), of OSDP 2.1.7 and deprecated since 2.2: whoever has the master key has every reader of the site. Both
 * arguments stay the caller's, who zeroes the result as well.
 */
export function diversifiedKey(masterKey: Uint8Array, clientId: Uint8Array): Uint8Array {
  if (masterKey.length !== MASTER_KEY_LENGTH) throw new TypeError('a master key has 16 bytes');
  const blocks = createAesBlocks(masterKey);
  try {
    return copyAndZero(blocks.encrypt(diversifierOf(clientId)));
  } finally {
    blocks.destroy();
  }
}

/** Between osdp_CHLNG and osdp_CCRYPT, when the cUID is not yet known: the master key is kept as a cipher only. */
export function beginDiversified(begin: (scbk: Uint8Array) => HandshakeSecret, masterKey: Uint8Array): HandshakeSecret {
  const blocks = createAesBlocks(masterKey);
  const secret: HandshakeSecret = {
    destroy: () => blocks.destroy(),
    agree(rndB, clientId) {
      const scbk = blocks.encrypt(diversifierOf(clientId));
      try {
        return { ...begin(scbk).agree(rndB, clientId), leftover: secret };
      } finally {
        scbk.fill(0);
      }
    },
  };
  return secret;
}

function diversifierOf(clientId: Uint8Array): Uint8Array {
  if (clientId.length !== CLIENT_ID_LENGTH) throw new TypeError('a cUID has 8 bytes');
  return Uint8Array.from({ length: BLOCK_LENGTH }, (_, index) =>
    index < CLIENT_ID_LENGTH ? (clientId[index] ?? 0) : ~(clientId[index - CLIENT_ID_LENGTH] ?? 0) & 0xff,
  );
}

function copyAndZero(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  bytes.fill(0);
  return copy;
}
