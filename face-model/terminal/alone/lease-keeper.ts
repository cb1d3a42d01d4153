import { createPublicKey, verify } from 'node:crypto';
import { open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import {
  faceLeaseSchema,
  findLeaseFault,
  LEASE_JWS_MAX,
  LEASE_TYPE,
  type FaceLease,
  type LeaseFault,
  type LeaseHolder,
} from '#gateway/domain/face/lease.ts';

/** A lease is asked for anew after this long, ms, or after a quarter of its life, and at once when somebody's access was closed. */
export const RENEW_MS_MAX = 300_000;
const RENEW_SHARE = 0.25;
/** How often the time is written down that the clock must not fall behind again, ms. */
export const CLOCK_NOTE_MS = 60_000;
/** Gateway and terminal drift apart by this while they are parted, ms. */
const DRIFT_MS_MAX = 10_000;
const KEY_BYTES = 32;
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

const fileSchema = z.strictObject({
  /** The gateway's: the first that it told. */
  publicKey: z.string(),
  jws: z.string().max(LEASE_JWS_MAX).nullable(),
  /** What is to be added to this machine's clock for the gateway's, ms. */
  offsetMs: z.int(),
  /** The gateway's time that was reached at least, ms. */
  reachedMs: z.int(),
});
type LeaseFile = z.infer<typeof fileSchema>;

export interface LeaseClocks {
  readonly nowMs: () => number;
  /** Goes on while the machine sleeps, and is set by nobody. */
  readonly monotonicMs: () => number;
}

export type HeldLease =
  | { readonly ok: true; readonly lease: FaceLease; readonly jws: string; readonly nowMs: number }
  | { readonly ok: false; readonly code: LeaseFault };

/** The one lease of a terminal, on its disk, and whether it may be gone by now. */
export class LeaseKeeper {
  readonly #path: string;
  readonly #holder: LeaseHolder;
  readonly #clocks: LeaseClocks;
  #file: LeaseFile | null;
  #lease: FaceLease | null = null;
  /** When it was taken, by the clock that nobody sets; null = by an earlier run of this program. */
  #takenAtMs: number | null = null;
  /** On the disk for certain: what a terminal that is switched off now would go by. Null = none. */
  #kept: string | null = null;
  #written: Promise<void> = Promise.resolve();
  #askedAtMs: number | null = null;
  #askedEpoch: number | null = null;
  #notedAtMs = Number.NEGATIVE_INFINITY;

  private constructor(at: { readonly path: string; readonly file: LeaseFile | null }, holder: LeaseHolder, clocks: LeaseClocks) {
    this.#path = at.path;
    this.#file = at.file;
    this.#kept = idOf(at.file);
    this.#holder = holder;
    this.#clocks = clocks;
  }

  /** What an earlier run of this terminal was lent counts on. */
  static async open(folder: string, holder: LeaseHolder, clocks: LeaseClocks): Promise<LeaseKeeper> {
    const path = join(folder, 'lease.json');
    const text = await readFile(path, 'utf8').catch(() => null);
    return new LeaseKeeper({ path, file: text === null ? null : parseFile(text) }, holder, clocks);
  }

  /** Whether the gateway is to be asked for a new one. `epoch`: as it said last. */
  isDue(epoch: number): boolean {
    if (this.#askedAtMs === null || this.#askedEpoch !== epoch) return true;
    const lifeMs = this.#lease === null ? RENEW_MS_MAX / RENEW_SHARE : this.#lease.expires_at_ms - this.#lease.issued_at_ms;
    return this.#clocks.monotonicMs() - this.#askedAtMs >= Math.min(RENEW_MS_MAX, lifeMs * RENEW_SHARE);
  }

  /** The lease that this terminal would go by if it were started anew; null = none. */
  kept(): string | null {
    return this.#kept;
  }

  makeDue(): void {
    this.#askedAtMs = null;
  }

  /** In place of the one before, or nothing at all: the gateway lends none any more. Null = it was taken. */
  async take({
    epoch,
    jws,
    publicKey,
  }: {
    readonly epoch: number;
    readonly jws: string | null;
    readonly publicKey: string;
  }): Promise<LeaseFault | null> {
    const { monotonicMs, nowMs } = this.#clocks;
    this.#askedAtMs = monotonicMs();
    this.#askedEpoch = epoch;
    const pinned = this.#file?.publicKey ?? publicKey;
    if (jws === null) return this.#put({ file: { ...this.#before(pinned), jws: null }, lease: null });
    const lease = pinned === publicKey ? verifyLease(jws, pinned) : null;
    if (lease === null) return 'lease.tampered';
    const fault = findLeaseFault(lease, this.#holder, lease.issued_at_ms);
    if (fault !== null) return fault;
    if (lease.issued_at_ms + DRIFT_MS_MAX < (this.#file?.reachedMs ?? 0)) return 'lease.superseded';
    const offsetMs = Math.round(lease.issued_at_ms - nowMs());
    return this.#put({ file: { publicKey: pinned, jws, offsetMs, reachedMs: lease.issued_at_ms }, lease });
  }

  /** The gateway knows this terminal no more. */
  async drop(): Promise<void> {
    if (this.#file !== null) await this.#put({ file: { ...this.#file, jws: null }, lease: null });
  }

  current(): HeldLease {
    const file = this.#file;
    if (file === null || file.jws === null) return { ok: false, code: 'lease.none' };
    const lease = this.#lease ?? verifyLease(file.jws, file.publicKey);
    if (lease === null) return { ok: false, code: 'lease.tampered' };
    const nowMs = this.#gatewayMs(lease, file);
    if (nowMs < file.reachedMs) return { ok: false, code: 'lease.clock_set_back' };
    const code = findLeaseFault(lease, this.#holder, nowMs);
    return code === null ? { ok: true, lease, jws: file.jws, nowMs } : { ok: false, code };
  }

  /** Writes down the time that was reached: a clock that is set back, and a program that is started anew, make no lease longer. */
  async note(): Promise<void> {
    const held = this.current();
    const file = this.#file;
    if (!held.ok || file === null || this.#clocks.monotonicMs() - this.#notedAtMs < CLOCK_NOTE_MS) return;
    this.#notedAtMs = this.#clocks.monotonicMs();
    await this.#write({ ...file, reachedMs: Math.max(file.reachedMs, Math.floor(held.nowMs)) });
  }

  /** The gateway's time. Of this run: counted on from the lease, whatever the machine's clock says meanwhile. */
  #gatewayMs(lease: FaceLease, { offsetMs }: LeaseFile): number {
    const { monotonicMs, nowMs } = this.#clocks;
    return this.#takenAtMs === null ? nowMs() + offsetMs : lease.issued_at_ms + Math.floor(monotonicMs() - this.#takenAtMs);
  }

  #before(publicKey: string): LeaseFile {
    return this.#file ?? { publicKey, jws: null, offsetMs: 0, reachedMs: 0 };
  }

  async #put({ file, lease }: { readonly file: LeaseFile; readonly lease: FaceLease | null }): Promise<null> {
    this.#lease = lease;
    this.#takenAtMs = lease === null ? null : this.#clocks.monotonicMs();
    this.#notedAtMs = this.#clocks.monotonicMs();
    await this.#write(file);
    return null;
  }

  /** One after the other: what is written last stands, and never half of each. */
  async #write(file: LeaseFile): Promise<void> {
    this.#file = file;
    const written = this.#written.then(() => this.#replace(file));
    this.#written = written.catch(() => undefined);
    await written;
  }

  async #replace(file: LeaseFile): Promise<void> {
    await writeFile(`${this.#path}.new`, JSON.stringify(file satisfies LeaseFile), { mode: 0o600, flush: true });
    await rename(`${this.#path}.new`, this.#path);
    // A name that is not on the disk yet is the older file's after a power cut.
    const folder = await open(dirname(this.#path), 'r');
    await folder.sync().finally(() => folder.close());
    this.#kept = idOf(file);
  }
}

/** Null: half a file, or somebody's. */
function parseFile(text: string): LeaseFile | null {
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

const idOf = (file: LeaseFile | null): string | null =>
  file === null || file.jws === null ? null : (verifyLease(file.jws, file.publicKey)?.id ?? null);

/** Null: not signed by this key, or changed. */
function verifyLease(jws: string, publicKey: string): FaceLease | null {
  const [header = '', payload = '', signature = '', ...rest] = jws.length > LEASE_JWS_MAX ? [] : jws.split('.');
  const raw = Buffer.from(publicKey, 'base64url');
  if (rest.length > 0 || raw.length !== KEY_BYTES) return null;
  try {
    const { alg, typ } = headerSchema.parse(JSON.parse(Buffer.from(header, 'base64url').toString('utf8')));
    const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });
    const isSigned = verify(null, Buffer.from(`${header}.${payload}`, 'utf8'), key, Buffer.from(signature, 'base64url'));
    if (!isSigned || alg !== 'EdDSA' || typ !== LEASE_TYPE) return null;
    return faceLeaseSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  } catch {
    return null;
  }
}
const headerSchema = z.strictObject({ alg: z.string(), typ: z.string() });
