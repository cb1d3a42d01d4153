import { uptime } from 'node:os';
import type { LeaseHolder } from '#gateway/domain/face/lease.ts';
import type { GatewayLink, Task } from '../gateway-link.ts';
import type { GatewayCallError } from '../signed-call.ts';
import type { Terminal } from '../terminal.ts';
import { Alone, type AloneEvent } from './alone.ts';
import { BadgeProgram } from './badge-program.ts';
import { EntryJournal } from './entry-journal.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { runRelease } from './release-program.ts';

type Command = readonly [string, ...string[]];

export interface AloneCommands {
  /** Writes a line a badge. */
  readonly badges: Command;
  /** Releases the lock, for GATEHOUSE_RELEASE_MS, and locks it again. */
  readonly release: Command;
}

export interface RunningAlone {
  beforeCall(): Promise<void>;
  /** On this terminal's disk, for the gateway to know; null = none. */
  heldLease(): string | null;
  onTask(kind: Task['kind']): void;
  onAnswer(epoch: number): Promise<void>;
  onFailure(failure: GatewayCallError): Promise<void>;
  tick(): void;
  stop(): void;
}

const FIRST_SERVER_ERROR = 500;
/** Since the machine was started, its sleep included. */
const uptimeMs = (): number => uptime() * 1_000;

/** What goes on when the gateway is away, and is told when it is back. */
export async function openAlone(
  { badges, release }: AloneCommands,
  deps: {
    readonly folder: string;
    readonly holder: LeaseHolder;
    readonly terminal: Terminal;
    readonly link: GatewayLink;
    readonly sign: (payload: unknown, typ: string) => Promise<string>;
    readonly onEvent: (event: AloneEvent) => void;
  },
): Promise<RunningAlone> {
  const keeper = await LeaseKeeper.open(deps.folder, deps.holder, { nowMs: Date.now, monotonicMs: uptimeMs });
  const journal = await EntryJournal.open(deps.folder);
  const alone = new Alone({ ...deps, keeper, journal, release: (releaseMs) => runRelease(release, releaseMs), nowMs: Date.now });
  const program = new BadgeProgram({ command: badges, onBadge: (badgeKey) => void alone.onBadge(badgeKey), monotonicMs: uptimeMs });
  return {
    beforeCall: () => alone.retry(),
    heldLease: () => keeper.kept(),
    onTask: (kind) => {
      if (kind !== 'verify') alone.enrolmentChanged();
    },
    onAnswer: (epoch) => alone.end(epoch),
    // An answer that is a refusal is an answer: only silence, and a gateway that is broken, leave the terminal alone.
    onFailure: async ({ status }) => {
      if (status === 401) await alone.disown();
      else if (status === 0 || status >= FIRST_SERVER_ERROR) alone.begin();
    },
    tick: () => {
      program.tick();
      alone.tick().catch(() => deps.onEvent('terminal.journal_failed'));
    },
    stop: () => program.stop(),
  };
}
