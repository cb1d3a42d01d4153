import { BIOMETRIC_STATUS, type BiometricMatch, type BiometricScan } from '../messages/biometric-codecs.ts';
import { NAK_CODE } from '../messages/line-codecs.ts';
import type { Reply } from '../messages/replies.ts';
import { isSameBytes } from '../wire/same-bytes.ts';
import { nak } from '../pd/answer.ts';

/** What the next finger, face or iris gives. */
export interface BiometricTrait {
  readonly type: number;
  readonly format: number;
  readonly quality: number;
  readonly template: Uint8Array;
}

const SCORE_SAME = 255;
const SCORE_OTHER = 0;

/** A scanner whose finds are written beforehand. Without a trait in front of it every scan ends in a time-out. */
export class PdBiometrics {
  /** Types and formats it knows; all others are NAK 7 and NAK 8. */
  types: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  formats: readonly number[] = [0, 1, 2];
  #trait: BiometricTrait | null = null;

  /** Stays until another one, or null. */
  present(trait: BiometricTrait | null): void {
    this.#trait = trait;
  }

  read(scan: BiometricScan): Reply {
    const refusal = this.#refusal(scan);
    if (refusal !== null) return refusal;
    const trait = this.#find(scan);
    const { reader, type } = scan;
    const body =
      trait === null
        ? { reader, type, status: BIOMETRIC_STATUS.timeout, quality: 0, template: new Uint8Array(0) }
        : { reader, type, status: BIOMETRIC_STATUS.ok, quality: trait.quality, template: trait.template };
    return { name: 'BIOREADR', body };
  }

  match(scan: BiometricMatch): Reply {
    const refusal = this.#refusal(scan);
    if (refusal !== null) return refusal;
    const trait = this.#find(scan);
    const score = trait !== null && isSameBytes(trait.template, scan.template) ? SCORE_SAME : SCORE_OTHER;
    const status = trait === null ? BIOMETRIC_STATUS.timeout : BIOMETRIC_STATUS.ok;
    return { name: 'BIOMATCHR', body: { reader: scan.reader, status, score } };
  }

  #refusal({ type, format }: BiometricScan): Reply | null {
    if (!this.types.includes(type)) return nak(NAK_CODE.bioTypeUnsupported);
    return this.formats.includes(format) ? null : nak(NAK_CODE.bioFormatUnsupported);
  }

  /** Type 0 takes any. */
  #find({ type, format, quality }: BiometricScan): BiometricTrait | null {
    const trait = this.#trait;
    if (trait === null || trait.quality < quality) return null;
    return (type === 0 || trait.type === type) && trait.format === format ? trait : null;
  }
}
