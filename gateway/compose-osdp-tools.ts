import { basename } from 'node:path';
import { performance } from 'node:perf_hooks';
import { discoverReaders, type Finding } from '#adapters/osdp/bus/discovery.ts';
import { createCaptureWriter } from '#adapters/osdp/capture/capture-writer.ts';
import { toEpochMs } from '#adapters/osdp/capture/osdpcap-line.ts';
import { readCaptureFile } from '#adapters/osdp/capture/read-capture.ts';
import { CAPABILITY } from '#adapters/osdp/messages/identity-codecs.ts';
import { describeCommand } from '#adapters/osdp/monitor/describe-command.ts';
import { describeIdentity } from '#adapters/osdp/monitor/describe-reply.ts';
import { LineMonitor, type MonitorKey } from '#adapters/osdp/monitor/line-monitor.ts';
import type { PdEffect } from '#adapters/osdp/pd/transition.ts';
import { SCBK_LENGTH } from '#adapters/osdp/secure-channel/session-keys.ts';
import { createLineResponder, createSimulatedLine } from '#adapters/osdp/simulator/simulated-line.ts';
import { SimulatedPd, type SimulatedPdOptions } from '#adapters/osdp/simulator/simulated-pd.ts';
import { createLink } from '#adapters/osdp/transport/create-link.ts';
import type { Link } from '#adapters/osdp/transport/link.ts';
import { BAUD_RATES } from '#adapters/osdp/wire/baud-rates.ts';
import type { FoundReader, LineAddress, OsdpTools, SimulatedReaderSettings, Simulation } from './cli/osdp-tools.ts';
import { toKeyUseRecord, type KeyUse } from './app/readers/key-use.ts';
import { createReaderKeyStore } from './app/readers/reader-key-store.ts';
import { openRecords } from './compose-records.ts';
import { candidateKeys } from './domain/readers/reader-keys.ts';
import { GatewayError } from './domain/errors.ts';
import type { Config } from './platform/config/config.ts';
import type { Clock } from './ports/clock.ts';
import type { LineReport } from './ports/line-view.ts';
import type { Random } from './ports/random.ts';

/** A line that is there is open within this, ms. */
const OPEN_TIMEOUT_MS = 5_000;
const LOOPBACK = '127.0.0.1';
/** What a reader in install mode is made with: it takes the key of the standard, and this is nobody's. */
const NO_KEY = new Uint8Array(SCBK_LENGTH);

interface Sources {
  readonly clock: Clock;
  readonly random: Random;
}

/** Commands on reader lines: the only place that joins them with adapters/osdp. */
export function createOsdpTools(sources: Sources): OsdpTools {
  return { bauds: BAUD_RATES, sniff: (options) => sniff(options, sources), decode: (options) => decode(options, sources), scan, simulate };
}

const epochNowMs = (): number => performance.timeOrigin + performance.now();

async function sniff(
  { line, captureFile, keysOf, reveal, onView, onListening, signal }: Parameters<OsdpTools['sniff']>[0],
  sources: Sources,
): ReturnType<OsdpTools['sniff']> {
  const place = line.kind === 'tcp' ? `tcp:${line.host}:${line.port}` : `serial:${line.path}`;
  const keys = await readKeys(keysOf, { tool: 'sniff', place, isRevealed: reveal, userId: hostUserId() }, sources);
  const writer = captureFile === null ? null : await createCaptureWriter(captureFile);
  const onFrame = writer === null ? {} : { onFrame: writer.write.bind(writer) };
  const monitor = new LineMonitor({ keys, reveal, learnsKeys: keysOf !== null, ...onFrame });
  const link = createLink(line);
  try {
    await openLink(link, line, (chunk) => monitor.push(chunk, epochNowMs()).forEach(onView));
    onListening();
    await aborted(signal);
    monitor.flush(epochNowMs()).forEach(onView);
    return { ...toReport(monitor), lost: writer?.lost ?? 0 };
  } finally {
    await link.close();
    monitor.dispose();
    for (const { scbk } of keys) scbk.fill(0);
    await writer?.close();
  }
}

async function decode(
  { file, keysOf, reveal, onView }: Parameters<OsdpTools['decode']>[0],
  sources: Sources,
): ReturnType<OsdpTools['decode']> {
  const place = `capture:${basename(file)}`;
  const keys = await readKeys(keysOf, { tool: 'decode', place, isRevealed: reveal, userId: hostUserId() }, sources);
  const monitor = new LineMonitor({ keys, reveal, learnsKeys: keysOf !== null });
  try {
    for await (const record of readCaptureFile(file)) {
      const atMs = toEpochMs(record);
      monitor.push(record.bytes, atMs).forEach(onView);
      // A record is a whole packet: what is missing from it does not come with the next one.
      monitor.flush(atMs).forEach(onView);
    }
    return toReport(monitor);
  } finally {
    monitor.dispose();
    for (const { scbk } of keys) scbk.fill(0);
  }
}

const hostUserId = (): number | null => process.getuid?.() ?? null;

const scan: OsdpTools['scan'] = async ({ line, bauds, onFound, onProgress, signal }) => {
  const result = await discoverReaders({
    link: createLink(line),
    bauds,
    onFinding: (finding) => onFound(toFound(finding)),
    onProgress,
    signal,
  });
  if (!result.ok) throw unreachable(line);
  return result.isComplete;
};

const simulate: OsdpTools['simulate'] = async ({ line, readers, onTold }) => {
  const options = readers.map(toPdOptions);
  if (line.kind === 'serial') return simulateSerial(line, options, onTold);
  const simulated = await createSimulatedLine({ host: LOOPBACK, port: line.port, readers: options }).catch((cause: unknown) => {
    throw new GatewayError('config.invalid', `port ${line.port} of this machine is taken or not allowed`, { cause });
  });
  simulated.readers.forEach((reader) => tell(reader, onTold));
  return { place: `tcp ${simulated.host}:${simulated.port}`, readers: simulated.readers, close: () => simulated.close() };
};

async function simulateSerial(
  line: Extract<LineAddress, { readonly kind: 'serial' }>,
  options: readonly SimulatedPdOptions[],
  onTold: (address: number, text: string) => void,
): Promise<Simulation> {
  const readers = options.map((option) => new SimulatedPd(option));
  const link = createLink(line);
  const respond = createLineResponder(readers, (reply) => link.write(reply));
  readers.forEach((reader) => tell(reader, onTold));
  const close = async (): Promise<void> => {
    await link.close();
    for (const reader of readers) reader.dispose();
  };
  await openLink(link, line, respond).catch(async (failure: unknown) => {
    await close();
    throw failure;
  });
  return { place: `serial ${line.path} at ${line.baud} baud`, readers, close };
}

function toPdOptions({ address, key }: SimulatedReaderSettings): SimulatedPdOptions {
  return { address, scbk: key ?? NO_KEY, security: key === null ? 'install' : 'keyed' };
}

function tell(reader: SimulatedPd, onTold: (address: number, text: string) => void): void {
  reader.onProtocol((effect) => {
    const text = toWords(effect);
    if (text !== null) onTold(reader.address, text);
  });
  reader.onOutput(({ output, active }) => onTold(reader.address, `output ${output} is ${active ? 'on' : 'off'}`));
}

/** Null for what says nothing to a person: polls, and the bytes themselves. */
function toWords(effect: PdEffect): string | null {
  switch (effect.kind) {
    case 'execute':
      return effect.command.name === 'POLL' ? null : `${effect.command.name} ${describeCommand(effect.command, false)}`.trimEnd();
    case 'channel_opened':
      return effect.keyKind === 'scbk' ? 'secure channel open' : 'secure channel open with the key of the standard (SCBK-D)';
    case 'channel_closed':
      return `secure channel closed: ${effect.cause.replaceAll('_', ' ')}`;
    case 'key_changed':
      return 'has been given a key';
    case 'line_changed':
      return `goes to address ${effect.settings.address} at ${effect.settings.baud} baud`;
    case 'refused':
      return `refused a command (NAK ${effect.nakCode})`;
    default:
      return null;
  }
}

function toFound(finding: Finding): FoundReader {
  if (finding.kind !== 'reader') return finding;
  const { kind, baud, address, identity, capabilities } = finding;
  const claimsSecureChannel =
    capabilities?.some((entry) => entry.function === CAPABILITY.security && (entry.compliance & 1) === 1) ?? false;
  return { kind, baud, address, identity: describeIdentity(identity), claimsSecureChannel };
}

function toReport(monitor: LineMonitor): LineReport {
  const { line, readers } = monitor.report;
  return { frames: line.frames, noiseBytes: line.noiseBytes, badCheck: line.badCheck, readers };
}

/** Every key that a reader may have; the caller zeroes them. Recorded before the first is read: without a record there are none. */
async function readKeys(config: Config | null, use: KeyUse, sources: Sources): Promise<readonly MonitorKey[]> {
  if (config === null) return [];
  const records = await openRecords(config.dataDir);
  try {
    await records.pendingRecords.add([toKeyUseRecord(use, sources)]);
    const store = createReaderKeyStore(records.secrets);
    const keys: MonitorKey[] = [];
    for (const { id, address } of config.installation.readers) {
      const state = await store.read(id);
      for (const scbk of state === null ? [] : candidateKeys(state)) keys.push({ address: state?.place?.address ?? address, scbk });
    }
    return keys;
  } finally {
    await records.close();
  }
}

/** Resolves when it is up; afterwards it is opened again for ever, as every link. */
function openLink(link: Link, line: LineAddress, onBytes: (chunk: Uint8Array) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(unreachable(line)), OPEN_TIMEOUT_MS);
    link.open({
      onUp: () => {
        clearTimeout(timer);
        resolve();
      },
      onDown: () => undefined,
      onBytes,
    });
  });
}

function unreachable(line: LineAddress): GatewayError {
  const place = line.kind === 'tcp' ? `${line.host}:${line.port}` : line.path;
  return new GatewayError('config.invalid', `the line at ${place} cannot be opened: it is not there, or somebody else has it`);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
