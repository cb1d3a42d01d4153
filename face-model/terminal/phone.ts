import { encodeQR } from 'qr';
import { encodeFaceCode, parseFaceCode, type CarriedFace } from '#gateway/domain/face/face-code.ts';
import type { Carrier } from './carrier.ts';

/** Of the ten seconds that a badge has, ms: the look after it needs four, and the answer its way. */
export const PHONE_READ_MS_MAX = 4_500;
/** For signing in on the phone, keeping it there and holding it to the camera, ms. */
export const PHONE_FILL_MS_MAX = 120_000;

export type PhoneView =
  | { readonly kind: 'reads_phone'; readonly wantsFrames: true }
  /** Rows of a QR code with its margin, 1 = dark: the link that the phone's own camera opens. */
  | { readonly kind: 'fills_phone'; readonly wantsFrames: true; readonly code: readonly string[] };

interface Wait {
  readonly view: PhoneView;
  readonly deadlineMs: number;
  /** Null = any. */
  readonly wanted: Uint8Array | null;
  readonly settle: (face: CarriedFace | null) => void;
}

/**
 * A phone held to the camera. What is to go on it is shown as a link: what stands after its `#` the phone's browser keeps to itself. What is on it
 * is shown by the phone and read from the camera's pictures, which must also have seen it before anybody is enrolled by it.
 */
export class Phone implements Carrier {
  readonly #monotonicMs: () => number;
  #wait: Wait | null = null;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  read(signal: AbortSignal): Promise<CarriedFace | null> {
    signal.addEventListener('abort', () => this.cancel(), { once: true });
    return this.#until({ view: { kind: 'reads_phone', wantsFrames: true }, wanted: null, withinMs: PHONE_READ_MS_MAX });
  }

  async keep(face: CarriedFace, portalUrl: string): Promise<boolean> {
    const wanted = encodeFaceCode(face);
    const rows = encodeQR(`${portalUrl}#${Buffer.from(wanted).toString('base64url')}`, 'raw', { ecc: 'low', border: 4 });
    const code = rows.map((row) => row.map((isDark) => (isDark ? '1' : '0')).join(''));
    const seen = await this.#until({ view: { kind: 'fills_phone', wantsFrames: true, code }, wanted, withinMs: PHONE_FILL_MS_MAX });
    return seen !== null;
  }

  /** Null: nobody is asked for a phone. */
  view(): PhoneView | null {
    return this.#wait?.view ?? null;
  }

  /** A code that a picture shows. One that is no face, or another one than was just given, is as good as none. */
  onCode(bytes: Uint8Array): void {
    const face = parseFaceCode(bytes);
    if (face === null || this.#wait === null) return;
    const { wanted } = this.#wait;
    if (wanted === null || Buffer.from(wanted).equals(bytes)) this.#end(face);
  }

  tick(): void {
    if (this.#wait !== null && this.#monotonicMs() >= this.#wait.deadlineMs) this.#end(null);
  }

  cancel(): void {
    this.#end(null);
  }

  #until({ withinMs, ...wait }: Pick<Wait, 'view' | 'wanted'> & { readonly withinMs: number }): Promise<CarriedFace | null> {
    this.#end(null);
    const { promise, resolve: settle } = Promise.withResolvers<CarriedFace | null>();
    this.#wait = { ...wait, deadlineMs: this.#monotonicMs() + withinMs, settle };
    return promise;
  }

  #end(face: CarriedFace | null): void {
    const wait = this.#wait;
    this.#wait = null;
    wait?.settle(face);
  }
}
