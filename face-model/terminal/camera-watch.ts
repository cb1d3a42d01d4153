/** `unknown`: the page opens the browser's camera, and only when somebody is to be looked at. */
export type CameraState = 'there' | 'lost' | 'unknown';

/** Whether there is a camera, and the end of a call that waits while it comes or goes: the gateway hears of it at once. */
export class CameraWatch {
  #state: CameraState;
  #change = new AbortController();

  constructor(state: CameraState) {
    this.#state = state;
  }

  state(): CameraState {
    return this.#state;
  }

  changed(state: CameraState): void {
    if (state === this.#state) return;
    this.#state = state;
    const before = this.#change;
    this.#change = new AbortController();
    before.abort();
  }

  /** Of the state as it is now; a later one has another signal. */
  signal(): AbortSignal {
    return this.#change.signal;
  }
}
