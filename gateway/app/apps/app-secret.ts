import { createHash } from 'node:crypto';
import { APP_SECRETS_MAX, type AppSecret } from '../../domain/apps/added-app.ts';
import type { Random } from '../../ports/random.ts';

const SECRET_BYTES = 32;

export interface NewSecret {
  /** Shown once, kept nowhere. */
  readonly secret: string;
  readonly kept: AppSecret;
}

/** 256 random bits, so that a plain hash is enough. */
export function createAppSecret(random: Random, nowMs: number): NewSecret {
  const bytes = random.bytes(SECRET_BYTES);
  const secret = Buffer.from(bytes).toString('base64url');
  bytes.fill(0);
  const sha256 = createHash('sha256').update(secret, 'utf8').digest('hex');
  return { secret, kept: { sha256, createdAtMs: nowMs, validUntilMs: null } };
}

/** The secrets after a new one: the one that was in use ends at `oldUntilMs`, and what ended before it is forgotten. */
export function withNewSecret(secrets: readonly AppSecret[], next: AppSecret, oldUntilMs: number): AppSecret[] {
  const [current] = secrets;
  const isKept = current !== undefined && oldUntilMs > next.createdAtMs;
  return [next, ...(isKept ? [{ ...current, validUntilMs: oldUntilMs }] : [])].slice(0, APP_SECRETS_MAX);
}
