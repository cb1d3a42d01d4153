import { useInfiniteQuery } from '@tanstack/react-query';
import { KeySquare, Plus } from 'lucide-react';
import { useState } from 'react';
import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { Button } from '../../../shared/ui/button.tsx';
import { LoadMore } from '../../../shared/ui/load-more.tsx';
import { Pending } from '../../../shared/ui/loaded.tsx';
import { Panel } from '../../../shared/ui/page.tsx';
import { Empty } from '../../../shared/ui/states.tsx';
import { grantsQuery } from '../data-queries.ts';
import { GrantDialog } from './grant-dialog.tsx';
import type { KnownGrant } from './grant-draft.ts';
import { GrantFacts } from './grant-facts.tsx';
import { ItemButtons } from '../item-buttons.tsx';
import { RemoveDialog } from '../item-dialog.tsx';
import styles from '../rows.module.css';

type Open = { readonly kind: 'new' } | { readonly kind: 'edit' | 'remove'; readonly grant: KnownGrant } | null;

export function GrantsPanel({ data }: { data: PolicyDataView }) {
  const [open, setOpen] = useState<Open>(null);
  const [profile, setProfile] = useState('');
  const pages = useInfiniteQuery(grantsQuery({ profile, holder: '' }));
  const close = (): void => setOpen(null);
  const grants = pages.data?.pages.flatMap((page) => page.grants);
  const profileName = (id: string): string => data.parts.profiles[id]?.name ?? id;
  return (
    <Panel
      title="Grants"
      aside={
        <span className={styles.tools}>
          <ProfileFilter data={data} profile={profile} onProfile={setProfile} />
          {data.may.edit && (
            <Button size="small" icon={Plus} onClick={() => setOpen({ kind: 'new' })}>
              New grant
            </Button>
          )}
        </span>
      }
    >
      {grants === undefined ? (
        <Pending query={pages} />
      ) : grants.length === 0 ? (
        <Empty icon={KeySquare} title={profile === '' ? 'Nothing is granted yet' : 'Nobody is granted this profile'}>
          A grant gives a person, a group or a role an access profile.
        </Empty>
      ) : (
        <ul className={styles.rows} aria-label="Grants">
          {grants.map((grant) => (
            <li key={grant.id}>
              <GrantFacts data={data} grant={grant} />
              {data.may.edit && (
                <ItemButtons
                  name={`${profileName(grant.value.profileId)} of ${grant.value.holder.id}`}
                  onEdit={() => setOpen({ kind: 'edit', grant })}
                  onRemove={() => setOpen({ kind: 'remove', grant })}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {pages.hasNextPage && <LoadMore label="Load more" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()} />}
      {open?.kind === 'new' && <GrantDialog data={data} profileId={profile} onClose={close} />}
      {open?.kind === 'edit' && <GrantDialog data={data} known={open.grant} profileId={open.grant.value.profileId} onClose={close} />}
      {open?.kind === 'remove' && (
        <RemoveDialog title="Withdraw the grant" baseVersion={data.version} part="grants" id={open.grant.id} onClose={close} />
      )}
    </Panel>
  );
}

interface ProfileFilterProps {
  readonly data: PolicyDataView;
  readonly profile: string;
  readonly onProfile: (profile: string) => void;
}

function ProfileFilter({ data, profile, onProfile }: ProfileFilterProps) {
  return (
    <select className={styles.select} aria-label="Of profile" value={profile} onChange={(event) => onProfile(event.target.value)}>
      <option value="">Every profile ({data.grantCount})</option>
      {Object.entries(data.parts.profiles).map(([id, { name }]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
