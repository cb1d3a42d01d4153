import type { DeskAgents } from './desk-agents.ts';
import type { DeskGate } from './desk-gate.ts';
import type { DeskLooks } from './desk-looks.ts';
import type { FaceAlternatives } from './face-alternatives.ts';
import type { RevokeDesk } from './revoke-desk.ts';

/** Where the desk agent of a person's computer listens, unless the configuration says otherwise. */
export const DESK_AGENT_PORT = 7_421;

/** Everything about people's computers. */
export interface Desks {
  readonly gate: DeskGate;
  readonly agents: DeskAgents;
  readonly looks: DeskLooks;
  readonly alternatives: FaceAlternatives;
  readonly revokeDesk: RevokeDesk;
  /** Of the agent on the browser's own machine. */
  readonly agentOrigin: string;
}
