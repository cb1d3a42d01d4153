import { READER_NUMBER, READER_TEMPLATE_BYTES_MAX, type ReaderScore } from '#gateway/domain/face/reader-match.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { BiometricReaders, BiometricScan, BiometricTemplate } from '#gateway/ports/biometric-readers.ts';
import type { Bus } from './bus/bus.ts';
import type { ExchangeFailure } from './bus/exchange-result.ts';
import { BIOMETRIC_STATUS } from './messages/biometric-codecs.ts';
import { toCapabilities } from './session/reader-capabilities.ts';

/** Of a frame beside the template: head, security block, MAC, padding, check, and the fields before it. */
const FRAME_OVERHEAD_BYTES = 36;

/** The port over the buses: osdp_BIOREAD and osdp_BIOMATCH, whose answers may come by a later poll. */
export function createBiometricReaders(busOf: (readerId: ReaderId) => Bus | undefined): BiometricReaders {
  return {
    async match(readerId, scan, template) {
      const bus = busOf(readerId);
      if (bus === undefined || !fits(bus, readerId, template.length)) return { ok: false, code: 'unavailable' };
      const result = await bus.exchange(readerId, { name: 'BIOMATCH', body: { ...toBody(scan), template } }, 'normal');
      if (!result.ok) return { ok: false, code: toFailure(result.code) };
      if (result.reply?.name !== 'BIOMATCHR') return { ok: false, code: 'unavailable' };
      const { reader, score, status } = result.reply.body;
      return { ok: true, reader, score, status: toStatus(status) };
    },
    async scan(readerId, scan): Promise<BiometricTemplate> {
      const result = await busOf(readerId)?.exchange(readerId, { name: 'BIOREAD', body: toBody(scan) }, 'normal');
      if (result?.ok !== true) return { ok: false, code: result === undefined ? 'unavailable' : toFailure(result.code) };
      if (result.reply?.name !== 'BIOREADR') return { ok: false, code: 'unavailable' };
      const { quality, reader, status, template, type } = result.reply.body;
      if (status === BIOMETRIC_STATUS.timeout) return { ok: false, code: 'timeout' };
      // Type 0 leaves the choice to the reader.
      const isOurs = reader === READER_NUMBER && (scan.type === 0 || type === scan.type) && status === BIOMETRIC_STATUS.ok;
      const isUsable = isOurs && quality >= scan.qualityMin && template.length > 0 && template.length <= READER_TEMPLATE_BYTES_MAX;
      if (isUsable) return { ok: true, quality, template };
      template.fill(0);
      return { ok: false, code: 'unusable' };
    },
    cancel: (readerId) => void busOf(readerId)?.tell(readerId, (nowMs) => ({ kind: 'abort', nowMs })),
  };
}

const toBody = ({ format, qualityMin, type }: BiometricScan) => ({ reader: READER_NUMBER, type, format, quality: qualityMin });

const toFailure = (code: ExchangeFailure): 'timeout' | 'unavailable' => (code === 'reader.timeout' ? 'timeout' : 'unavailable');

function toStatus(status: number): Extract<ReaderScore, { ok: true }>['status'] {
  if (status === BIOMETRIC_STATUS.ok) return 'compared';
  return status === BIOMETRIC_STATUS.timeout ? 'timeout' : 'failed';
}

/** Whether the reader can compare, and takes a frame of this length. */
function fits(bus: Bus, readerId: ReaderId, templateBytes: number): boolean {
  const list = bus.inspect(readerId)?.state.capabilities ?? null;
  if (list === null) return false;
  const { hasBiometrics, receiveBufferMax } = toCapabilities(list);
  return hasBiometrics && templateBytes + FRAME_OVERHEAD_BYTES <= receiveBufferMax;
}
