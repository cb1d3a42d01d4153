import { byteOf, copyOf, readByte, readUint16, uint16Of, withTail } from './fields.ts';
import type { BodyCodec } from './message-table.ts';

export const BIOMETRIC_STATUS = { ok: 0, timeout: 1, unknown: 0xff } as const;

/** osdp_BIOREAD: reader 1, type 1 (what is scanned), format 1 (of the template), quality 1. */
export interface BiometricScan {
  readonly reader: number;
  readonly type: number;
  readonly format: number;
  readonly quality: number;
}

/** osdp_BIOMATCH: a scan, then length LE16 and the template to compare with. */
export interface BiometricMatch extends BiometricScan {
  readonly template: Uint8Array;
}

/** osdp_BIOREADR: reader 1, status 1, type 1, quality 1, length LE16, template. */
export interface BiometricTemplate {
  readonly reader: number;
  readonly status: number;
  readonly type: number;
  readonly quality: number;
  readonly template: Uint8Array;
}

/** osdp_BIOMATCHR: reader 1, status 1, score 1 (0 none .. 255 best). */
export interface BiometricScore {
  readonly reader: number;
  readonly status: number;
  readonly score: number;
}

const TEMPLATE_AT = 6;

export const biometricScan: BodyCodec<BiometricScan> = {
  encode: (body) => Uint8Array.from(scanBytes(body)),
  parse: (data) => (data.length === 4 ? readScan(data) : null),
};

export const biometricMatch: BodyCodec<BiometricMatch> = {
  encode: (body) => withTail([...scanBytes(body), ...uint16Of(body.template.length, 'template length')], body.template),
  parse: (data) => (hasWholeTemplate(data) ? { ...readScan(data), template: copyOf(data, TEMPLATE_AT) } : null),
};

export const biometricTemplate: BodyCodec<BiometricTemplate> = {
  encode: (body) =>
    withTail(
      [
        byteOf(body.reader, 'reader'),
        byteOf(body.status, 'status'),
        byteOf(body.type, 'type'),
        byteOf(body.quality, 'quality'),
        ...uint16Of(body.template.length, 'template length'),
      ],
      body.template,
    ),
  parse(data) {
    if (!hasWholeTemplate(data)) return null;
    return {
      reader: readByte(data, 0),
      status: readByte(data, 1),
      type: readByte(data, 2),
      quality: readByte(data, 3),
      template: copyOf(data, TEMPLATE_AT),
    };
  },
};

export const biometricScore: BodyCodec<BiometricScore> = {
  encode: ({ reader, status, score }) => Uint8Array.of(byteOf(reader, 'reader'), byteOf(status, 'status'), byteOf(score, 'score')),
  parse: (data) => (data.length === 3 ? { reader: readByte(data, 0), status: readByte(data, 1), score: readByte(data, 2) } : null),
};

function scanBytes({ reader, type, format, quality }: BiometricScan): readonly number[] {
  return [byteOf(reader, 'reader'), byteOf(type, 'type'), byteOf(format, 'format'), byteOf(quality, 'quality')];
}

function readScan(data: Uint8Array): BiometricScan {
  return { reader: readByte(data, 0), type: readByte(data, 1), format: readByte(data, 2), quality: readByte(data, 3) };
}

function hasWholeTemplate(data: Uint8Array): boolean {
  return data.length >= TEMPLATE_AT && data.length === TEMPLATE_AT + readUint16(data, 4);
}
