import type { VpnRealmId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';

export const NAS_SILENT = 'vpn.nas_silent';

interface Deps {
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly onFailure: (failure: unknown) => void;
}

/** An alarm while a server that should end sessions does not answer: raised once, and lifted by its next answer. */
export function createSilentServers({ audit, clock, onFailure }: Deps): (realmId: VpnRealmId, nas: string, isHeard: boolean) => void {
  const silent = new Set<string>();
  return (realmId, nas, isHeard) => {
    const sourceId = `${realmId}/${nas}`.slice(0, 128);
    if (silent.has(sourceId) !== isHeard) return;
    if (isHeard) silent.delete(sourceId);
    else silent.add(sourceId);
    const alarm = { type: 'alarm', code: NAS_SILENT, sourceType: 'gateway', sourceId, active: !isHeard } as const;
    // Nobody waits for it: the end of the session has its own answer.
    audit.append({ ...alarm, occurredAtMs: clock.nowMs() }).catch(onFailure);
  };
}
