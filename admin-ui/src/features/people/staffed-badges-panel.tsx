import { useQuery } from '@tanstack/react-query';
import { IdCard, LifeBuoy } from 'lucide-react';
import { useState } from 'react';
import type { RecoveryBadgesView } from '#gateway/http/contract/recovery.ts';
import { Button } from '../../shared/ui/button.tsx';
import { ItemList } from '../../shared/ui/item-list.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { ErrorState } from '../../shared/ui/states.tsx';
import { agoText, useNow } from '../../shared/ui/time.tsx';
import { RecoveryDialog } from './recovery-dialog.tsx';
import { recoveryBadgesQuery } from './recovery-query.ts';

type Badge = RecoveryBadgesView['badges'][number];

/** Who has just badged where somebody is on duty; there is no panel while nobody has. */
export function StaffedBadgesPanel({ mayEnrol }: { mayEnrol: boolean }) {
  const recent = useQuery(recoveryBadgesQuery);
  const nowMs = useNow(1_000);
  const [chosen, setChosen] = useState<Badge | null>(null);
  const badges = recent.data?.badges.filter(({ untilMs }) => untilMs > nowMs) ?? [];
  return (
    <>
      {recent.isError && recent.data === undefined && (
        <Panel title="At a staffed reader">
          <ErrorState error={recent.error} onRetry={() => void recent.refetch()} />
        </Panel>
      )}
      {badges.length > 0 && (
        <Panel title="At a staffed reader">
          <ItemList
            items={badges.map((badge) => ({
              key: badge.personId,
              icon: IdCard,
              name: badge.displayName,
              note: `${badge.reader}, ${badge.site} · ${agoText(badge.atMs, nowMs)} · ${passkeysText(badge.passkeys)}`,
              aside: (
                <Button size="small" icon={LifeBuoy} aria-label={`Way back in for ${badge.displayName}`} onClick={() => setChosen(badge)}>
                  Way back in
                </Button>
              ),
            }))}
          />
        </Panel>
      )}
      {chosen !== null && (
        <RecoveryDialog
          person={{ id: chosen.personId, displayName: chosen.displayName }}
          evidences={mayEnrol ? ['badge', 'admin'] : ['badge']}
          onClose={() => setChosen(null)}
        />
      )}
    </>
  );
}

const passkeysText = (count: number): string => (count === 0 ? 'no passkey' : count === 1 ? '1 passkey' : `${String(count)} passkeys`);
