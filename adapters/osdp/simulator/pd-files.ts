import { FILE_TYPE, type FileFragment, TRANSFER_ACTION, TRANSFER_STATUS } from '../messages/file-transfer-codecs.ts';
import type { Reply } from '../messages/replies.ts';
import { Listeners } from './listeners.ts';

/** What a simulated reader has room for. */
export const PD_FILE_MAX = 4 * 1_024 * 1_024;

/** How a reader takes a file (osdp_FTSTAT). */
export interface FilePolicy {
  /** File types it takes; all others are "unrecognised". */
  readonly types?: readonly number[];
  /** Polls and other commands are welcome between the fragments. */
  readonly interleave?: boolean;
  /** The ACU may leave the secure channel for it. */
  readonly leavesSecureChannel?: boolean;
  /** It wants so long between two fragments. */
  readonly delayMs?: number;
  /** The largest message it wants to have; said with every status. */
  readonly messageMax?: number;
  /** It gives up when so many bytes have come. */
  readonly abortsAt?: number;
  /** So often it answers "finishing" after the last fragment; asked again, it goes on. */
  readonly finishingRounds?: number;
  /** What it says in the end. */
  readonly end?: 'processed' | 'rebooting' | 'malformed';
}

export interface ReceivedFile {
  readonly type: number;
  readonly content: Uint8Array;
}

/** A file under way. */
interface Receipt {
  readonly type: number;
  readonly content: Uint8Array;
  received: number;
  finishingRounds: number;
}

/** Takes files in order; offset 0 starts anew. */
export class PdFiles {
  readonly #listeners = new Listeners<ReceivedFile>();
  #policy: FilePolicy = {};
  #receipt: Receipt | null = null;

  setPolicy(policy: FilePolicy): void {
    this.#policy = policy;
  }

  onFile(listener: (file: ReceivedFile) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** osdp_ABORT, or a reboot. */
  abort(): void {
    this.#receipt = null;
  }

  take(fragment: FileFragment): Reply {
    return this.#status(this.#accept(fragment));
  }

  #accept(fragment: FileFragment): number {
    const { type, total, offset, data } = fragment;
    if (!(this.#policy.types ?? Object.values(FILE_TYPE)).includes(type)) return TRANSFER_STATUS.unrecognised;
    if (total > PD_FILE_MAX) return TRANSFER_STATUS.abort;
    if (data.length === 0) return this.#idle();
    if (offset === 0)
      this.#receipt = { type, content: new Uint8Array(total), received: 0, finishingRounds: this.#policy.finishingRounds ?? 0 };
    const receipt = this.#receipt;
    if (receipt === null || receipt.type !== type || receipt.content.length !== total || receipt.received !== offset) {
      return this.#end(TRANSFER_STATUS.malformed);
    }
    receipt.content.set(data, offset);
    receipt.received += data.length;
    if (receipt.received >= (this.#policy.abortsAt ?? Number.POSITIVE_INFINITY)) return this.#end(TRANSFER_STATUS.abort);
    return receipt.received < total ? TRANSFER_STATUS.proceed : this.#finish(receipt);
  }

  /** Asked how it goes. */
  #idle(): number {
    const receipt = this.#receipt;
    if (receipt === null || receipt.received < receipt.content.length) return TRANSFER_STATUS.proceed;
    return this.#finish(receipt);
  }

  #finish(receipt: Receipt): number {
    if (receipt.finishingRounds > 0) {
      receipt.finishingRounds -= 1;
      return TRANSFER_STATUS.finishing;
    }
    const end = this.#policy.end ?? 'processed';
    if (end !== 'malformed') this.#listeners.tell({ type: receipt.type, content: receipt.content });
    return this.#end(TRANSFER_STATUS[end]);
  }

  #end(status: number): number {
    this.#receipt = null;
    return status;
  }

  #status(status: number): Reply {
    const { interleave = false, leavesSecureChannel = false, delayMs = 0, messageMax = 0 } = this.#policy;
    const action = (interleave ? TRANSFER_ACTION.interleave : 0) | (leavesSecureChannel ? TRANSFER_ACTION.leaveSecureChannel : 0);
    return { name: 'FTSTAT', body: { action, delayMs, status, messageMax } };
  }
}
