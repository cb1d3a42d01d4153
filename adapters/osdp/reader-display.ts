import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { Indication, SignSettingsOf } from '#gateway/domain/doors/sign.ts';
import type { CommandResult, ReaderCapabilities, ReaderEvent } from '#gateway/ports/readers.ts';
import { commandsFor } from './indication.ts';
import type { Command } from './messages/commands.ts';

export interface ReaderDisplayOptions {
  readonly signsOf: SignSettingsOf | undefined;
  readonly send: (readerId: ReaderId, command: Command) => Promise<CommandResult>;
}

/** Shows outcomes at readers, with what each has for it. */
export class ReaderDisplay {
  readonly #options: ReaderDisplayOptions;
  readonly #able = new Map<ReaderId, ReaderCapabilities>();

  constructor(options: ReaderDisplayOptions) {
    this.#options = options;
  }

  /** A reader that comes may be another one than the one that left: what it has is what it says now. */
  onEvent(event: ReaderEvent): void {
    if (event.kind !== 'online') return;
    if (event.capabilities === undefined) this.#able.delete(event.readerId);
    else this.#able.set(event.readerId, event.capabilities);
    if (this.#settingsOf(event.readerId) !== null) void this.indicate(event.readerId, 'idle');
  }

  /** `ok` when everything that the reader has for it was acknowledged. */
  async indicate(readerId: ReaderId, indication: Indication): Promise<CommandResult> {
    const commands = commandsFor(indication, this.#settingsOf(readerId), this.#able.get(readerId) ?? null);
    const results = await Promise.all(commands.map((command) => this.#options.send(readerId, command)));
    return results.find(({ ok }) => !ok) ?? { ok: true };
  }

  #settingsOf(readerId: ReaderId) {
    return this.#options.signsOf?.(readerId) ?? null;
  }
}
