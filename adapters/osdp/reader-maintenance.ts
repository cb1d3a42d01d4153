import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type {
  LineTestOptions,
  LineTestResult,
  MaintenanceEvent,
  RawExchange,
  RawMessage,
  ReaderHealth,
  ReaderMaintenance,
} from '#gateway/ports/reader-maintenance.ts';
import type { CommandResult } from '#gateway/ports/readers.ts';
import type { Bus } from './bus/bus.ts';
import { type ExchangeResult } from './bus/exchange-result.ts';
import { testLineQuality } from './bus/line-quality.ts';
import { type Command, commandTable } from './messages/commands.ts';
import { copyOf } from './messages/fields.ts';
import { toIdentity } from './reader-events.ts';
import { toCapabilities } from './session/reader-capabilities.ts';
import type { RawCommand } from './session/in-flight.ts';
import type { SessionEffect } from './session/transition.ts';

export interface ReaderMaintenanceDeps {
  readonly busOf: (readerId: ReaderId) => Bus | undefined;
  /** A listener threw; the line and the other listeners go on. */
  readonly onListenerFailed?: (event: MaintenanceEvent) => void;
}

/** The port, and the way in for what sessions report. */
export interface OsdpMaintenance {
  readonly port: ReaderMaintenance;
  onEffect(readerId: ReaderId, effect: SessionEffect): void;
}

/** POLL, OUT, COMSET, KEYSET, CHLNG, SCRYPT, ACURXSIZE, FILETRANSFER: they open doors, or belong to the session. */
const OWN_WAY: ReadonlySet<number> = new Set([0x60, 0x68, 0x6e, 0x75, 0x76, 0x77, 0x7b, 0x7c]);
const CODE_MAX = 0xff;
const WHOLE_MESSAGES: ReadonlyMap<number, 'GENAUTH' | 'CRAUTH' | 'PAIR'> = new Map([
  [0xa4, 'GENAUTH'],
  [0xa5, 'CRAUTH'],
  [0xb0, 'PAIR'],
]);
const UNKNOWN = { ok: false, code: 'reader.unknown' } as const;

export function createReaderMaintenance({ busOf, onListenerFailed }: ReaderMaintenanceDeps): OsdpMaintenance {
  const listeners = new Set<(event: MaintenanceEvent) => void>();
  const tell = (listener: (event: MaintenanceEvent) => void, event: MaintenanceEvent): void => {
    try {
      listener(event);
    } catch {
      onListenerFailed?.(event);
    }
  };
  const operate = async (readerId: ReaderId, run: (bus: Bus) => Promise<ExchangeResult>): Promise<CommandResult> => {
    const bus = busOf(readerId);
    if (bus === undefined) return UNKNOWN;
    const result = await run(bus);
    return result.ok ? { ok: true } : { ok: false, code: result.code };
  };
  const port: ReaderMaintenance = {
    async exchange(readerId, message) {
      const command = isOwnWay(message.code) ? 'refused' : toCommand(message);
      if (typeof command === 'string') return { ok: false, code: `reader.${command}` };
      return toRawExchange((await busOf(readerId)?.exchange(readerId, command, 'normal')) ?? UNKNOWN);
    },
    setKey: (readerId, newKey) =>
      operate(readerId, (bus) => bus.operate(readerId, (id, nowMs) => ({ kind: 'set_key', nowMs, id, newKey: copyOf(newKey) }))),
    openInstallWindow: (readerId, { underKey = null, firstKey, finalKey, durationMs }) =>
      operate(readerId, (bus) =>
        bus.operate(readerId, (id, nowMs) => {
          const keys = { underKey: underKey === null ? null : copyOf(underKey), firstKey: copyOf(firstKey), finalKey: copyOf(finalKey) };
          const window = { id, ...keys, untilMs: nowMs + durationMs };
          return { kind: 'install_window', nowMs, window };
        }),
      ),
    closeInstallWindow: (readerId) => void busOf(readerId)?.tell(readerId, (nowMs) => ({ kind: 'close_install_window', nowMs })),
    setLine: (readerId, wanted) =>
      operate(readerId, async (bus) => {
        // Two readers with one address would answer together.
        const isTaken = bus.isTaken(wanted.address) && bus.inspect(readerId)?.state.config.address !== wanted.address;
        if (isTaken) return { ok: false, code: 'reader.refused' };
        return bus.operate(readerId, (id, nowMs) => ({ kind: 'set_line', nowMs, id, wanted }));
      }),
    transferFile: (readerId, fileType, bytes, onProgress) =>
      operate(readerId, (bus) =>
        bus.operate(readerId, (id, nowMs) => ({ kind: 'transfer', nowMs, id, file: { type: fileType, bytes } }), onProgress),
      ),
    testLine: (readerId, options) => testLine(busOf(readerId), readerId, options),
    cancel: (readerId) => void busOf(readerId)?.tell(readerId, (nowMs) => ({ kind: 'abort', nowMs })),
    health: (readerId) => toHealth(busOf(readerId)?.inspect(readerId) ?? null),
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
  return {
    port,
    onEffect(readerId, effect) {
      const event = toEvent(readerId, effect);
      if (event !== null) listeners.forEach((listener) => tell(listener, event));
    },
  };
}

/** What is no byte would leave as another code. */
function isOwnWay(code: number): boolean {
  return !Number.isInteger(code) || code < 0 || code > CODE_MAX || OWN_WAY.has(code);
}

async function testLine(bus: Bus | undefined, readerId: ReaderId, options: LineTestOptions): Promise<LineTestResult> {
  const [tested] = bus === undefined ? [] : await testLineQuality(bus, [readerId], options);
  if (tested === undefined) return UNKNOWN;
  const { exchanges, failed, retries, badChecks, errorShare01, roundTripP50Ms, roundTripP99Ms, verdict } = tested;
  return { ok: true, quality: { exchanges, failed, retries, badChecks, errorShare01, roundTripP50Ms, roundTripP99Ms, verdict } };
}

/** A command that the table knows is held to it; one that it does not know goes out as it is. */
function toCommand({ code, data }: RawMessage): Command | RawCommand | 'unsupported' {
  const whole = WHOLE_MESSAGES.get(code);
  const body = { total: data.length, offset: 0, data: copyOf(data) };
  if (whole === 'PAIR') return { name: 'PAIR', body };
  if (whole !== undefined) return { name: whole, body: { ...body, reference: null } };
  const parsed = commandTable.parse(code, data);
  if (parsed.ok) return parsed.message;
  return parsed.reason === 'unknown' ? { name: 'RAW_COMMAND', body: { code, data: copyOf(data) } } : 'unsupported';
}

function toRawExchange(result: ExchangeResult): RawExchange {
  if (!result.ok) return result;
  return result.raw === null ? { ok: false, code: 'reader.refused' } : { ok: true, reply: result.raw };
}

function toEvent(readerId: ReaderId, effect: SessionEffect): MaintenanceEvent | null {
  switch (effect.kind) {
    case 'key_confirmed':
      return { kind: 'key_confirmed', readerId, which: effect.which };
    case 'install_progress':
      return { kind: 'install_progress', readerId, stage: effect.stage };
    case 'line_changed':
      return { kind: 'line_changed', readerId, address: effect.address, baud: effect.baud };
    case 'line_unchanged':
      return { kind: 'line_unchanged', readerId };
    case 'reply':
      return { kind: 'reply', readerId, reply: effect.raw };
    default:
      return null;
  }
}

function toHealth(seen: ReturnType<Bus['inspect']>): ReaderHealth | null {
  if (seen === null) return null;
  const { state, nowMs, baud, isKeyShared } = seen;
  const isOnline = state.reported === 'online';
  const { security } = state;
  return {
    isOnline,
    cause: state.reported === 'online' ? null : state.reported,
    isSecure: security.name === 'open',
    isInstalling: state.installation !== null,
    isKeyShared,
    address: state.config.address,
    baud,
    clientId: state.clientId === null ? null : copyOf(state.clientId),
    identity: state.identity === null ? null : toIdentity(state.identity),
    capabilities: state.capabilities === null ? null : toCapabilities(state.capabilities),
    silentForMs: Number.isFinite(state.lastReplyMs) ? nowMs - state.lastReplyMs : null,
    onlineForMs: isOnline ? nowMs - state.onlineSinceMs : null,
    channelAgeMs: security.name === 'open' ? nowMs - security.sinceMs : null,
    channelExchanges: security.name === 'open' ? security.exchanges : 0,
    isBusy: state.transfer !== null || state.operation !== null || state.keyChange !== null || state.lineChange !== null,
  };
}
