import type { Command } from '../messages/commands.ts';
import { IDENTITY_FORM, type Capability, type DeviceIdentity } from '../messages/identity-codecs.ts';
import { type LineSettings, NAK_CODE } from '../messages/line-codecs.ts';
import type { ManufacturerMessage } from '../messages/manufacturer-codecs.ts';
import { ACK, ODD_NAK_CODE, nak } from '../pd/answer.ts';
import type { PdReply } from '../pd/transition.ts';
import { isSameBytes } from '../wire/same-bytes.ts';
import type { PdDevice } from './pd-device.ts';
import { extendedReply } from './pd-description.ts';

/** What the device's answers depend on besides the device. */
export interface DeviceFacts {
  readonly device: PdDevice;
  readonly identity: DeviceIdentity;
  readonly capabilities: readonly Capability[];
  readonly line: LineSettings;
  /** Commands it answers with NAK 3 although the standard has them. */
  readonly unsupported: ReadonlySet<Command['name']>;
  readonly answerVendor: (message: ManufacturerMessage) => PdReply;
}

const ADDRESS_MAX = 0x7e;
export const PD_BAUDS: ReadonlySet<number> = new Set([9_600, 19_200, 38_400, 57_600, 115_200, 230_400]);

/** Own vendor: an echo. Another's: NAK 9. */
export function echoVendor(identity: DeviceIdentity): (message: ManufacturerMessage) => PdReply {
  return ({ vendor, data }) =>
    isSameBytes(vendor, identity.vendor) ? { name: 'MFGREP', body: { vendor, data } } : nak(NAK_CODE.recordRefused);
}

/** A NAK that is in no standard, as one known reader gives it. */
export function oddRefusal(): PdReply {
  return nak(ODD_NAK_CODE, Uint8Array.of(0, 0));
}

/** Carries a command out. */
export function answerCommand(facts: DeviceFacts, command: Command): PdReply {
  const { device, identity } = facts;
  if (facts.unsupported.has(command.name)) return nak(NAK_CODE.unknownCommand);
  switch (command.name) {
    case 'ID':
      return command.body.form === IDENTITY_FORM.extended ? extendedReply(identity) : { name: 'PDID', body: identity };
    case 'CAP':
      return { name: 'PDCAP', body: facts.capabilities };
    case 'COMSET':
      return { name: 'COM', body: acceptedLine(facts.line, command.body) };
    case 'MFG':
      return facts.answerVendor(command.body);
    case 'KEEPACTIVE':
      device.keepActive(command.body.durationMs);
      return ACK;
    case 'ABORT':
      device.abort();
      return ACK;
    default:
      return answerStatus(device, command) ?? answerCard(device, command);
  }
}

/** What cannot be set stays as it is, and osdp_COM says so. */
function acceptedLine(present: LineSettings, wanted: LineSettings): LineSettings {
  return {
    address: wanted.address <= ADDRESS_MAX ? wanted.address : present.address,
    baud: PD_BAUDS.has(wanted.baud) ? wanted.baud : present.baud,
  };
}

function answerStatus(device: PdDevice, command: Command): PdReply | null {
  switch (command.name) {
    case 'POLL':
      return device.events.next() ?? ACK;
    case 'LSTAT':
      return device.contacts.localStatus();
    case 'ISTAT':
      return device.contacts.inputStatus();
    case 'OSTAT':
      return device.outputStatus();
    case 'RSTAT':
      return device.contacts.readerStatus();
    case 'OUT':
      return device.outputs.drive(command.body) ? ACK : nak(NAK_CODE.recordRefused);
    case 'LED':
      return device.display.driveLeds(command.body) ? ACK : nak(NAK_CODE.recordRefused);
    case 'BUZ':
      device.display.driveBuzzer(command.body);
      return ACK;
    case 'TEXT':
      device.display.showText(command.body);
      return ACK;
    default:
      return null;
  }
}

function answerCard(device: PdDevice, command: Command): PdReply {
  switch (command.name) {
    case 'BIOREAD':
      return device.biometrics.read(command.body);
    case 'BIOMATCH':
      return device.biometrics.match(command.body);
    case 'XWR':
      return device.smartCards.take(command.body);
    case 'PIVDATA':
      return device.piv.read(command.body);
    case 'GENAUTH':
      return device.piv.authenticate('GENAUTHR', command.body);
    case 'CRAUTH':
      return device.piv.authenticate('CRAUTHR', command.body);
    case 'FILETRANSFER':
      return device.files.take(command.body);
    default:
      // RMODE and TDSET are obsolete; PAIR is a draft that only a reader made for it takes.
      return nak(NAK_CODE.unknownCommand);
  }
}
