import type { ClientAnswer } from '../messages/line-codecs.ts';
import type { ChannelSuite } from './channel-suite.ts';

/** Both secure channels use the same codes; lengths differ, so the bodies are read by who knows which one it is. */
export const HANDSHAKE_CODE = { challenge: 0x76, clientCryptogram: 0x76, serverCryptogram: 0x77, result: 0x78 } as const;

const CLIENT_ID_LENGTH = 8;

/** osdp_CCRYPT: cUID 8, RND.B, client cryptogram. */
export function encodeClientAnswer({ clientId, rndB, cryptogram }: ClientAnswer): Uint8Array {
  return Uint8Array.of(...clientId, ...rndB, ...cryptogram);
}

export function parseClientAnswer(suite: ChannelSuite, data: Uint8Array): ClientAnswer | null {
  const cryptogramAt = CLIENT_ID_LENGTH + suite.nonceLength;
  if (data.length !== cryptogramAt + suite.cryptogramLength) return null;
  const part = (from: number, to?: number): Uint8Array => new Uint8Array(data.subarray(from, to));
  return { clientId: part(0, CLIENT_ID_LENGTH), rndB: part(CLIENT_ID_LENGTH, cryptogramAt), cryptogram: part(cryptogramAt) };
}
