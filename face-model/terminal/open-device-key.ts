import { openFileKey, type DeviceKey } from './device-key.ts';
import { hasTpmKey, openTpmKey, type TpmOptions } from './tpm-key.ts';

/** The key that is in the folder; where there is none yet, one of this kind. */
export async function openDeviceKey(folder: string, kind: DeviceKey['kind'], tpm: TpmOptions = {}): Promise<DeviceKey> {
  return kind === 'tpm' || hasTpmKey(folder) ? openTpmKey(folder, tpm) : openFileKey(folder);
}
