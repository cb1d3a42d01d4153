import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { Chip } from '../../../shared/ui/chip.tsx';
import { PersonName } from '../../../shared/ui/name.tsx';
import { Instant, useNow } from '../../../shared/ui/time.tsx';
import type { KnownGrant } from './grant-draft.ts';
import styles from '../rows.module.css';
import { scheduleChoices } from '../schedules/schedules.ts';

const EVERY_MS = 30_000;

/** Who may use what, and when. */
export function GrantFacts({ data, grant }: { data: PolicyDataView; grant: KnownGrant }) {
  const nowMs = useNow(EVERY_MS);
  const { profileId, holder, schedule, validFromMs, validUntilMs, reason } = grant.value;
  const profile = data.parts.profiles[profileId];
  const when = scheduleChoices(data).find(({ value }) => value === schedule);
  return (
    <div className={styles.facts}>
      <span className={styles.head}>
        <strong>{profile?.name ?? profileId}</strong> to
        {holder.kind === 'person' ? (
          <PersonName id={holder.id} />
        ) : (
          <span>
            {holder.kind} <strong>{holder.id}</strong>
          </span>
        )}
        {profile === undefined && <Chip tone="warn">The profile does not exist</Chip>}
        {when === undefined && <Chip tone="warn">The schedule does not exist</Chip>}
        {validUntilMs !== null && validUntilMs <= nowMs && <Chip tone="unknown">Over</Chip>}
        {validFromMs !== null && validFromMs > nowMs && <Chip tone="info">To come</Chip>}
      </span>
      <span>
        {when?.label ?? schedule}
        {validFromMs !== null && (
          <>
            , from <Instant atMs={validFromMs} />
          </>
        )}
        {validUntilMs !== null && (
          <>
            , until <Instant atMs={validUntilMs} />
          </>
        )}
      </span>
      {reason !== '' && <span className="soft">{reason}</span>}
    </div>
  );
}
