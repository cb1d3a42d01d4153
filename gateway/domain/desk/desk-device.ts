import type { DeskDeviceId, PersonId } from '../site/ids.ts';
import type { FacePublicKey } from '../face/face-device.ts';
import type { Posture } from './posture.ts';

/** Computers of one person that are not revoked. */
export const DESKS_PER_PERSON_MAX = 10;
/** Computers of one installation, the revoked included: their names stay in the log. */
export const DESKS_MAX = 50_000;

/** A computer with the desk agent on it: one machine, by its key, and one person. */
export interface DeskDevice {
  readonly id: DeskDeviceId;
  readonly personId: PersonId;
  readonly label: string;
  readonly publicKey: FacePublicKey;
  /** Where the key is kept; a chip gives it to nobody, whoever may read the disk. It is the agent's own word. */
  readonly keyKind: 'file' | 'tpm';
  /** The one pack of models whose word counts; null = this computer looks at no face. */
  readonly packHash: string | null;
  /** The one enrolled face whose comparison counts: enrolled by an order of this gateway. */
  readonly templateId: string | null;
  readonly status: 'active' | 'revoked';
  /** Null while it is active, and of those revoked before it was kept. */
  readonly revocation: DeskRevocation | null;
  readonly enrolledAtMs: number;
  readonly posture: KeptPosture | null;
}

/** Why a computer counts no more: an operator said so, its owner removed it, or its owner left. */
export const DESK_REVOCATION_CAUSES = ['operator', 'owner', 'departed', 'suspended', 'employment_ended'] as const;

export interface DeskRevocation {
  readonly atMs: number;
  readonly because: (typeof DESK_REVOCATION_CAUSES)[number];
}

export interface KeptPosture {
  readonly posture: Posture;
  /** By the computer's clock, which was near the gateway's. */
  readonly observedAtMs: number;
}
