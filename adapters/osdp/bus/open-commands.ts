import type { CommandDone } from '../session/command-result.ts';
import { type ExchangeResult, toExchangeResult } from './exchange-result.ts';

export type OnProgress = (sentBytes: number, totalBytes: number) => void;

interface Open {
  readonly resolve: (result: ExchangeResult) => void;
  readonly onProgress: OnProgress | null;
}

/** Commands whose end somebody waits for. Sessions end each of theirs once, whatever happens, and limit how many they take. */
export class OpenCommands {
  readonly #open = new Map<number, Open>();
  #nextId = 1;

  /** `run` is called with the command's id at once, and before anything can end it. */
  begin(run: (id: number) => void, onProgress: OnProgress | null): Promise<ExchangeResult> {
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve) => {
      this.#open.set(id, { resolve, onProgress });
      run(id);
    });
  }

  progress({ id, sentBytes, totalBytes }: { readonly id: number; readonly sentBytes: number; readonly totalBytes: number }): void {
    this.#open.get(id)?.onProgress?.(sentBytes, totalBytes);
  }

  end(done: CommandDone): void {
    const open = this.#open.get(done.id);
    this.#open.delete(done.id);
    open?.resolve(toExchangeResult(done));
  }
}
