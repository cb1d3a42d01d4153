import { type Command, commandTable } from '../messages/commands.ts';
import { type Reply, replyTable } from '../messages/replies.ts';
import { nextSequence } from '../wire/control-byte.ts';
import type { Sequence } from '../wire/control-byte.ts';
import type { Frame } from '../wire/frame.ts';
import { SCS2 } from '../wire/security-block.ts';
import { isSameBytes } from '../wire/same-bytes.ts';
import { describeIdentity } from './describe-reply.ts';
import { FollowedChannel, type OpenedView, keyInside } from './followed-channel.ts';
import { frameName } from './frame-name.ts';
import { SECOND_MASTER_WITHIN_MS } from './limits.ts';
import { ReaderStatistics } from './reader-statistics.ts';
import { isCredential } from './sensitive.ts';
import type { Anomaly, ReaderLineView } from './views.ts';

export interface TrackedFrame {
  readonly opened: OpenedView;
  readonly message: Command | Reply | null;
  readonly isRepeat: boolean;
  readonly answers: string | null;
  readonly turnaroundMs: number | null;
  readonly anomalies: readonly Anomaly[];
}

interface Said {
  readonly bytes: Uint8Array;
  readonly opened: OpenedView;
  readonly message: Command | Reply | null;
}

/** How often the present command, and the one before it, went out again and may be answered once more. */
interface Owed {
  readonly now: number;
  readonly before: number;
}

const KEYSET = 0x75;
const NO_DATA = new Uint8Array(0);

/** One address on the line: what was asked, what was answered, and how both fit together. */
export class ReaderTrack {
  readonly statistics: ReaderStatistics;
  readonly #channel: FollowedChannel;
  readonly #learns: boolean;
  #command: (Said & { readonly atMs: number; readonly name: string }) | null = null;
  #isAnswered = false;
  #isAskedAgain = false;
  #owed: Owed = { now: 0, before: 0 };
  #reply: Said | null = null;
  #sequence: Sequence | null = null;
  /** Where a second counter stood when the sequence jumped. */
  #other: { readonly sequence: Sequence; readonly atMs: number } | null = null;
  #clientId: Uint8Array | null = null;
  #identity: string | null = null;
  #offeredKey: Uint8Array | null = null;
  #learnedKey: Uint8Array | null = null;

  constructor(address: number, options: { readonly scbks: () => readonly Uint8Array[]; readonly learns: boolean; readonly nowMs: number }) {
    this.statistics = new ReaderStatistics(address, options.nowMs);
    this.#learns = options.learns;
    this.#channel = new FollowedChannel(() => [...options.scbks(), ...(this.#learnedKey === null ? [] : [this.#learnedKey])]);
  }

  get isAwaited(): boolean {
    return this.#command !== null && !this.#isAnswered;
  }

  get view(): ReaderLineView {
    return this.statistics.toView({ state: this.#channel.state, keyKind: this.#channel.keyKind, identity: this.#identity });
  }

  dispose(): void {
    this.#channel.forget();
    this.#offeredKey?.fill(0);
    this.#learnedKey?.fill(0);
  }

  command(frame: Frame, nowMs: number): TrackedFrame {
    const last = this.#command;
    if (this.isAwaited) this.statistics.unanswered += 1;
    // Under sequence 0 every command begins anew: the same one again is one, unless nobody had answered it.
    const isRepeat = last !== null && isSameBytes(last.bytes, frame.bytes) && (frame.sequence !== 0 || !this.#isAnswered);
    const said = isRepeat ? last : this.#readCommand(frame);
    const anomalies = isRepeat ? [] : [...said.opened.anomalies, ...this.#checkSequence(frame, nowMs), ...this.#checkKeyset(said)];
    this.#command = { ...said, atMs: nowMs, name: frameName('command', said.opened.code) };
    this.#isAnswered = false;
    this.#isAskedAgain = isRepeat;
    this.#owed = isRepeat ? { ...this.#owed, now: this.#owed.now + 1 } : { now: 0, before: this.#owed.now };
    this.statistics.command(nowMs, isRepeat, said.opened, anomalies);
    return { opened: said.opened, message: said.message, isRepeat, answers: null, turnaroundMs: null, anomalies };
  }

  reply(frame: Frame, nowMs: number): TrackedFrame {
    const isLate = this.#isLateRepeat(frame);
    const command = this.isAwaited && !isLate ? this.#command : null;
    // To a new command the same bytes are a new reply, or a replayed one, which the chain tells apart.
    const mayRepeat = command === null || this.#isAskedAgain;
    const isRepeat = mayRepeat && this.#reply !== null && isSameBytes(this.#reply.bytes, frame.bytes);
    const said = isRepeat && this.#reply !== null ? this.#reply : this.#readReply(frame);
    if (isRepeat) this.#owed = withPaid(this.#owed, isLate ? 'before' : 'now');
    const anomalies = isRepeat ? [] : [...said.opened.anomalies, ...this.#checkReply(said)];
    if (command === null && !isRepeat) anomalies.push(this.#isAnswered ? 'address_conflict' : 'unexpected_reply');
    const turnaroundMs = command === null ? null : nowMs - command.atMs;
    // osdp_BUSY has sequence 0 and leaves the question open.
    if (command !== null && frame.sequence === this.#sequence) this.#settleKey(said);
    this.#reply = said;
    if (command !== null) this.#isAnswered = true;
    this.statistics.reply({ nowMs, turnaroundMs, isRepeat, opened: said.opened, message: said.message as Reply | null, anomalies });
    return { opened: said.opened, message: said.message, isRepeat, answers: command?.name ?? null, turnaroundMs, anomalies };
  }

  /** The last reply once more, behind the next command: the reader was asked twice, and answers the second time when the gateway is already further on. */
  #isLateRepeat({ sequence, bytes }: Frame): boolean {
    if (this.#owed.before === 0 || sequence === this.#sequence || this.#reply === null) return false;
    return isSameBytes(this.#reply.bytes, bytes);
  }

  /** A frame of it that could not be read. */
  broken(nowMs: number): void {
    this.statistics.note(['broken_frame'], nowMs);
  }

  #readCommand(frame: Frame): Said {
    const opened = this.#channel.open(frame);
    const parsed = isTabled(frame, opened) ? commandTable.parse(opened.code ?? frame.code, opened.data ?? NO_DATA) : null;
    return { bytes: frame.bytes, ...withFaults(opened, parsed), message: parsed?.ok === true ? parsed.message : null };
  }

  #readReply(frame: Frame): Said {
    const opened = this.#channel.open(frame);
    const parsed = isTabled(frame, opened) ? replyTable.parse(opened.code ?? frame.code, opened.data ?? NO_DATA) : null;
    return { bytes: frame.bytes, ...withFaults(opened, parsed), message: parsed?.ok === true ? parsed.message : null };
  }

  #checkSequence(frame: Frame, nowMs: number): Anomaly[] {
    const before = this.#sequence;
    this.#sequence = frame.sequence;
    if (before === null || frame.sequence === 0 || frame.sequence === nextSequence(before)) return [];
    const other = this.#other;
    this.#other = { sequence: before, atMs: nowMs };
    const goesOn = other !== null && nowMs - other.atMs <= SECOND_MASTER_WITHIN_MS && frame.sequence === nextSequence(other.sequence);
    return goesOn ? ['sequence_anomaly', 'second_master'] : ['sequence_anomaly'];
  }

  #checkKeyset({ opened }: Said): Anomaly[] {
    if (opened.code !== KEYSET) return [];
    this.#offeredKey?.fill(0);
    this.#offeredKey = this.#learns && opened.data !== null ? keyInside(opened.data) : null;
    if (opened.body === 'clear') return ['keyset_in_clear'];
    return this.#channel.keyKind === 'scbk_d' ? ['keyset_under_default_key'] : [];
  }

  /** A key counts when the reader has taken it. */
  #settleKey({ message, opened }: Said): void {
    const offered = this.#offeredKey;
    this.#offeredKey = null;
    if (offered === null) return;
    const isTaken = message?.name === 'ACK' && opened.mac !== 'wrong';
    if (!isTaken) return void offered.fill(0);
    this.#learnedKey?.fill(0);
    this.#learnedKey = offered;
  }

  #checkReply({ opened, message }: Said): Anomaly[] {
    const found: Anomaly[] = [];
    if (opened.code !== null && isCredential('reply', opened.code) && opened.body === 'clear') found.push('cleartext_credential');
    if (message?.name === 'NAK') found.push('nak');
    if (message?.name === 'CCRYPT') {
      const { clientId } = message.body;
      if (this.#clientId !== null && !isSameBytes(this.#clientId, clientId)) found.push('identity_changed');
      this.#clientId = clientId;
    }
    if (message?.name === 'PDID') {
      const identity = describeIdentity(message.body);
      if (this.#identity !== null && this.#identity !== identity) found.push('identity_changed');
      this.#identity = identity;
    }
    return found;
  }
}

function withPaid(owed: Owed, which: keyof Owed): Owed {
  return { ...owed, [which]: Math.max(0, owed[which] - 1) };
}

/** The handshake of secure channel 2 uses the codes of 1 with longer bodies. */
function isTabled({ block }: Frame, { data }: OpenedView): boolean {
  const type = block?.type ?? 0;
  return data !== null && !(type >= SCS2.challenge && type <= SCS2.result);
}

function withFaults(
  opened: OpenedView,
  parsed: { readonly ok: boolean; readonly reason?: 'unknown' | 'malformed' } | null,
): Pick<Said, 'opened'> {
  if (parsed === null || parsed.ok) return { opened };
  const fault: Anomaly = parsed.reason === 'unknown' ? 'unknown_code' : 'malformed_body';
  return { opened: { ...opened, anomalies: [...opened.anomalies, fault] } };
}
