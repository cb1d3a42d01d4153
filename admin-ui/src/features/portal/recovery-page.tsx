import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Radio } from 'lucide-react';
import type { PasskeysView } from '#gateway/http/contract/me.ts';
import { buttonClass } from '../../shared/ui/button.tsx';
import { ItemList } from '../../shared/ui/item-list.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { Page, Panel } from '../../shared/ui/page.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import { passkeysQuery } from './portal-queries.ts';
import styles from './portal.module.css';
import { usePortalTexts } from './texts/use-portal-texts.ts';

/** What to do without a passkey, to be read while there still is one. */
export function RecoveryPage() {
  const t = usePortalTexts();
  const passkeys = useQuery(passkeysQuery);
  return (
    <Page title={t('recovery_title')} sub={t('recovery_sub')}>
      <Loaded query={passkeys}>{({ recovery }) => <Steps recovery={recovery} />}</Loaded>
      <Panel title={t('recovery_lost')} padded>
        <div className="stack">
          <p>{t('recovery_lost_lead')}</p>
          <p>
            <Link to="/me/passkeys" className={buttonClass('plain')}>
              {t('to_passkeys')}
            </Link>
          </p>
        </div>
      </Panel>
    </Page>
  );
}

function Steps({ recovery: { from, places, registered } }: { recovery: PasskeysView['recovery'] }) {
  const t = usePortalTexts();
  return (
    <>
      {!registered && <Notice tone="warn">{t(from === 'nobody' ? 'recovery_from_nobody' : 'recovery_no_badge')}</Notice>}
      {registered && from === 'administrator' && <Notice tone="info">{t('recovery_of_operator')}</Notice>}
      <Panel padded>
        <ol className={styles.steps}>
          <li>{t('recovery_step_badge')}</li>
          <li>{t('recovery_step_ask')}</li>
          <li>{t('recovery_step_type', { address: `${location.host}/recover` })}</li>
        </ol>
      </Panel>
      {places.length > 0 && (
        <Panel title={t('recovery_places')}>
          <ItemList
            items={places.map(({ reader, site }) => ({ key: `${site} ${reader}`, icon: Radio, name: reader, note: site, aside: null }))}
          />
        </Panel>
      )}
    </>
  );
}
