import type { FacePublicKey } from '../../domain/face/face-device.ts';
import { tryParse } from '../../domain/try-parse.ts';
import { DEVICE_CALL_SKEW_MS_MAX, DEVICE_CALL_TYPE, deviceCallSchema, verifyDeviceSignature } from './device-signature.ts';

/** Whether the holder of this key calls this address now. */
export async function isDeviceCall(
  token: string,
  { nowMs, path, publicKey }: { readonly publicKey: FacePublicKey; readonly path: string; readonly nowMs: number },
): Promise<boolean> {
  const signed = await verifyDeviceSignature(token, { publicKey, typ: DEVICE_CALL_TYPE });
  const call = tryParse(deviceCallSchema, signed?.payload);
  return call.success && call.data.path === path && Math.abs(nowMs - call.data.at_ms) <= DEVICE_CALL_SKEW_MS_MAX;
}
