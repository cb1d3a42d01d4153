import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { AppWindow, DoorClosed, EthernetPort, ExternalLink, KeyRound, RotateCcw, type LucideIcon } from 'lucide-react';
import { resourceKindSchema, type AccessItem } from '#gateway/http/contract/me.ts';
import type { Tone } from '../../shared/log/describe-record.ts';
import { Button, buttonClass } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { LoadMore } from '../../shared/ui/load-more.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { Page, Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import { useInstantText } from '../../shared/ui/time.tsx';
import { accessQuery, type AccessKind } from './portal-queries.ts';
import styles from './portal.module.css';
import { Conditions, ReasonLines } from './reason-lines.tsx';
import { usePortalTexts } from './texts/use-portal-texts.ts';

const icons: Readonly<Record<AccessKind, LucideIcon>> = { door: DoorClosed, app: AppWindow, vpn_realm: EthernetPort };
const tones: Readonly<Record<AccessItem['state'], Tone>> = { open: 'ok', conditional: 'warn', closed: 'deny' };

/** What is open now, what is open to who also does something, and why the rest is closed. */
export function AccessPage({ kind }: { kind: AccessKind | undefined }) {
  const t = usePortalTexts();
  const instantText = useInstantText();
  const access = useInfiniteQuery(accessQuery(kind));
  const atMs = access.data?.pages[0]?.atMs;
  return (
    <Page
      title={t('access')}
      sub={t('access_sub')}
      actions={
        <Button icon={RotateCcw} busy={access.isFetching} onClick={() => void access.refetch()}>
          {t('refresh')}
        </Button>
      }
    >
      <KindFilter />
      <Panel>
        <Loaded query={access} lines={6}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length > 0) return <AccessRows items={items} />;
            return (
              <Empty icon={KeyRound} title={t(kind === undefined ? 'no_access' : 'no_access_kind')}>
                {t('no_access_lead')}
              </Empty>
            );
          }}
        </Loaded>
        {access.hasNextPage && (
          <LoadMore label={t('load_more')} busy={access.isFetchingNextPage} onClick={() => void access.fetchNextPage()} />
        )}
      </Panel>
      <p className="soft">{atMs !== undefined && t('as_of', { time: instantText(atMs) })}</p>
    </Page>
  );
}

function KindFilter() {
  const t = usePortalTexts();
  return (
    <nav className={styles.filters} aria-label={t('show_kind')}>
      {[undefined, ...resourceKindSchema.options].map((one) => (
        <Link
          key={one ?? 'all'}
          to="/me/access"
          search={one === undefined ? {} : { kind: one }}
          activeOptions={{ exact: true, includeSearch: true }}
          className={styles.filter}
        >
          {t(`kind_${one ?? 'all'}`)}
        </Link>
      ))}
    </nav>
  );
}

function AccessRows({ items }: { items: readonly AccessItem[] }) {
  const t = usePortalTexts();
  return (
    <ul className={styles.rows}>
      {items.map(({ conditions, id, kind, name, reasons, site, state, url }) => {
        const Icon = icons[kind];
        return (
          <li key={`${kind}:${id}`}>
            <Icon size={18} aria-hidden />
            <div className={styles.what}>
              <span className={styles.name}>
                {name} <Chip tone={tones[state]}>{t(`state_${state}`)}</Chip>
              </span>
              {site !== null && <span className={styles.facts}>{site}</span>}
              <Conditions conditions={conditions} />
              <ReasonLines reasons={reasons} />
            </div>
            {url !== null && state !== 'closed' && (
              <div className={styles.end}>
                <a className={buttonClass('plain', 'small')} href={url} aria-label={t('open_app', { name })}>
                  <ExternalLink size={15} aria-hidden /> {t('go_to_app')}
                </a>
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
