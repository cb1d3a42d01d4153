import { useQuery } from '@tanstack/react-query';
import { LogOut, MonitorSmartphone } from 'lucide-react';
import { useState } from 'react';
import { closedSchema, type ClosedView, type MySession } from '#gateway/http/contract/me.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { Page, Panel } from '../../shared/ui/page.tsx';
import { Empty, ProblemNotice } from '../../shared/ui/states.tsx';
import { ClosedNotice } from './closed-notice.tsx';
import { ComputersPanel } from './computers-panel.tsx';
import { mySessionsQuery } from './portal-queries.ts';
import styles from './portal.module.css';
import { SessionRows, useSessionName } from './session-rows.tsx';
import { usePortalTexts } from './texts/use-portal-texts.ts';
import { usePortalChange } from './use-portal-change.ts';

export function SessionsPage() {
  const t = usePortalTexts();
  const nameOf = useSessionName();
  const [isAsking, setIsAsking] = useState(false);
  const [closed, setClosed] = useState<ClosedView | null>(null);
  const sessions = useQuery(mySessionsQuery);
  const close = usePortalChange(
    ({ id }: MySession) => postJson(`/api/me/sessions/${encodeURIComponent(id)}/close`, {}, closedSchema),
    setClosed,
  );
  const others = sessions.data?.sessions.filter(({ current }) => !current).length ?? 0;
  return (
    <Page
      title={t('sessions_title')}
      sub={t('sessions_sub')}
      actions={
        others > 1 && (
          <Button icon={LogOut} onClick={() => setIsAsking(true)}>
            {t('close_others')}
          </Button>
        )
      }
    >
      <ClosedNotice closed={closed} />
      {close.isError && <ProblemNotice error={close.error} />}
      <Panel>
        <Loaded query={sessions}>
          {(data) =>
            data.sessions.length === 0 ? (
              <Empty icon={MonitorSmartphone} title={t('no_sessions')} />
            ) : (
              <SessionRows
                sessions={data.sessions}
                end={(session) =>
                  !session.current && (
                    <div className={styles.end}>
                      <Button
                        size="small"
                        busy={close.isPending && close.variables.id === session.id}
                        aria-label={t('close_of', { name: nameOf(session) })}
                        onClick={() => close.mutate(session)}
                      >
                        {t('close_session')}
                      </Button>
                    </div>
                  )
                }
              />
            )
          }
        </Loaded>
      </Panel>
      <ComputersPanel />
      {isAsking && <CloseOthersDialog onClosed={setClosed} onClose={() => setIsAsking(false)} />}
    </Page>
  );
}

function CloseOthersDialog({ onClosed, onClose }: { onClosed: (closed: ClosedView) => void; onClose: () => void }) {
  const t = usePortalTexts();
  const close = usePortalChange(
    () => postJson('/api/me/sessions/close-others', {}, closedSchema),
    (closed) => {
      onClosed(closed);
      onClose();
    },
  );
  return (
    <Dialog title={t('close_others_title')} onClose={onClose}>
      <p>{t('close_others_lead')}</p>
      {close.isError && <ProblemNotice error={close.error} />}
      <DialogActions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button look="danger" icon={LogOut} busy={close.isPending} onClick={() => close.mutate(undefined)} data-initial-focus>
          {t('close_others')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
