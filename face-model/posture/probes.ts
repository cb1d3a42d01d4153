import type { PostureState } from '#gateway/domain/desk/posture.ts';
import type { Machine } from './machine.ts';

/** How one kind of machine is asked. What a probe cannot find out is unknown, whatever it suspects. */
export interface Probes {
  readonly disk_encryption: (machine: Machine) => Promise<PostureState>;
  readonly firewall: (machine: Machine) => Promise<PostureState>;
  readonly screen_lock: (machine: Machine) => Promise<PostureState>;
  readonly secure_boot: (machine: Machine) => Promise<PostureState>;
  readonly system: (machine: Machine) => Promise<System | null>;
}

export interface System {
  readonly name: string;
  readonly version: string;
  /** When it was last updated; null = not known. */
  readonly updatedAtMs: number | null;
}
