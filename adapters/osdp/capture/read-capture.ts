import { open } from 'node:fs/promises';
import { GatewayError } from '#gateway/domain/errors.ts';
import { CAPTURE_FILE_MAX, CAPTURE_LINE_MAX } from './limits.ts';
import { type CaptureRecord, parseCaptureLine } from './osdpcap-line.ts';

const LINE_FEED = 0x0a;

/** The records of an .osdpcap file, read as a stream. @throws request.invalid, with the number of the line; resource.unknown no such file */
export async function* readCaptureFile(path: string): AsyncGenerator<CaptureRecord> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new GatewayError('resource.unknown', `${path} cannot be opened`, { cause });
  });
  try {
    yield* readCapture(file.createReadStream({ autoClose: false }) as AsyncIterable<Uint8Array>);
  } finally {
    await file.close();
  }
}

/** Blank lines are left out. Holds one line at a time. @throws request.invalid, with the number of the line */
export async function* readCapture(
  chunks: AsyncIterable<Uint8Array>,
  limits: { readonly fileMax: number } = { fileMax: CAPTURE_FILE_MAX },
): AsyncGenerator<CaptureRecord> {
  let number = 1;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let total = 0;
  const take = (part: Uint8Array): void => {
    heldBytes += part.length;
    if (heldBytes > CAPTURE_LINE_MAX) throw invalid(number, `is longer than ${CAPTURE_LINE_MAX} bytes`);
    if (part.length > 0) held.push(part);
  };
  const end = (): CaptureRecord | null => {
    const text = Buffer.concat(held).toString('utf8').trim();
    held = [];
    heldBytes = 0;
    const record = text === '' ? null : toRecord(text, number);
    number += 1;
    return record;
  };
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > limits.fileMax) throw invalid(number, `lies beyond the ${limits.fileMax} bytes that are read of a capture`);
    let start = 0;
    for (let feed = chunk.indexOf(LINE_FEED); feed !== -1; feed = chunk.indexOf(LINE_FEED, start)) {
      take(chunk.subarray(start, feed));
      start = feed + 1;
      const record = end();
      if (record !== null) yield record;
    }
    take(chunk.subarray(start));
  }
  const last = end();
  if (last !== null) yield last;
}

function toRecord(text: string, number: number): CaptureRecord {
  const parsed = parseCaptureLine(text);
  if (!parsed.ok) throw invalid(number, parsed.problem);
  return parsed.record;
}

function invalid(number: number, problem: string): GatewayError {
  return new GatewayError('request.invalid', `line ${number} ${problem}`);
}
