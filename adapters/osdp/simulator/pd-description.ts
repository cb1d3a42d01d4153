import { type IdentityEntry, IDENTITY_TAG, extendedIdentity } from '../messages/extended-identity.ts';
import { CAPABILITY, type Capability, type DeviceIdentity, OSDP_VERSION } from '../messages/identity-codecs.ts';
import type { Reply } from '../messages/replies.ts';

export const DEFAULT_IDENTITY: DeviceIdentity = {
  vendor: Uint8Array.of(0x00, 0x53, 0x49),
  model: 1,
  version: 1,
  serial: Uint8Array.of(0, 0, 0, 1),
  firmware: [1, 0, 0],
};

/** Sizes of a reader as it tells them. */
export interface PdSizes {
  readonly inputCount: number;
  readonly outputCount: number;
  readonly ledCount: number;
  readonly receiveMax: number;
  readonly combinedMax: number;
  readonly isSecure: boolean;
}

/** What a simulated reader can, unless a test says otherwise. */
export function capabilitiesOf(sizes: PdSizes): readonly Capability[] {
  return [
    { function: CAPABILITY.inputs, compliance: 2, count: sizes.inputCount },
    { function: CAPABILITY.outputs, compliance: 2, count: sizes.outputCount },
    { function: CAPABILITY.cardFormat, compliance: 3, count: 0 },
    { function: CAPABILITY.led, compliance: 4, count: sizes.ledCount },
    { function: CAPABILITY.buzzer, compliance: 2, count: 1 },
    { function: CAPABILITY.text, compliance: 1, count: 1 },
    { function: CAPABILITY.checkCharacter, compliance: 1, count: 0 },
    { function: CAPABILITY.security, compliance: sizes.isSecure ? 1 : 0, count: 0 },
    sizeCapability(CAPABILITY.receiveBuffer, sizes.receiveMax),
    sizeCapability(CAPABILITY.combinedMessage, sizes.combinedMax),
    { function: CAPABILITY.smartCard, compliance: 3, count: 0 },
    { function: CAPABILITY.readers, compliance: 0, count: 1 },
    { function: CAPABILITY.biometrics, compliance: 1, count: 1 },
    { function: CAPABILITY.osdpVersion, compliance: OSDP_VERSION.sia22, count: 0 },
  ];
}

function sizeCapability(code: number, size: number): Capability {
  return { function: code, compliance: size & 0xff, count: size >> 8 };
}

/** osdp_EXT_PDID: the same facts as osdp_PDID in words, and what there is no place for in it. */
export function extendedReply(identity: DeviceIdentity): Reply {
  const word = (tag: number, text: string): IdentityEntry => ({ tag, value: new Uint8Array(Buffer.from(text, 'utf8')) });
  const data = extendedIdentity.encode([
    word(IDENTITY_TAG.manufacturer, 'Gatehouse'),
    word(IDENTITY_TAG.product, `simulated reader ${identity.model}`),
    word(IDENTITY_TAG.serial, Buffer.from(identity.serial).toString('hex')),
    word(IDENTITY_TAG.firmware, identity.firmware.join('.')),
    word(IDENTITY_TAG.hardware, String(identity.version)),
  ]);
  return { name: 'EXT_PDID', body: { total: data.length, offset: 0, data } };
}
