import { useQuery } from '@tanstack/react-query';
import { QrCode, ScanFace, Smartphone, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { faceCodeSchema } from '#gateway/http/contract/me-face.ts';
import { meQuery } from '../../shared/api/queries.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { Page, Panel } from '../../shared/ui/page.tsx';
import { Empty, Notice } from '../../shared/ui/states.tsx';
import { useInstantText } from '../../shared/ui/time.tsx';
import { FaceCodeScreen } from './face-code-screen.tsx';
import styles from './face-code.module.css';
import { forgetFaceCode, keepFaceCode, useKeptFaceCode, type KeptFaceCode } from './kept-face-code.ts';
import portal from './portal.module.css';
import { usePortalTexts } from './texts/use-portal-texts.ts';

const WHAT = ['face_what_noise', 'face_what_here', 'face_what_forgets', 'face_what_ends'] as const;

/** The person's sealed face in this browser: taken from a terminal, shown at doors, removed. The gateway is told of none of it. */
export function FacePage({ arrived: first }: { arrived: string }) {
  const t = usePortalTexts();
  const personId = useQuery(meQuery).data?.person?.id ?? '';
  const kept = useKeptFaceCode(personId);
  const [arrived, setArrived] = useState(first);
  const [said, setSaid] = useState<ReactNode>(null);
  const keep = (): void => {
    const isKept = keepFaceCode(personId, arrived, Date.now());
    setSaid(<Notice tone={isKept ? 'ok' : 'warn'}>{t(isKept ? 'face_kept' : 'face_not_kept')}</Notice>);
    if (isKept) setArrived('');
  };
  const remove = (): void => {
    forgetFaceCode(personId);
    setSaid(<Notice tone="ok">{t('face_removed')}</Notice>);
  };
  const asks = arrived !== '' && arrived !== kept?.text;
  return (
    <Page title={t('face')} sub={t('face_sub')}>
      <div role="status" className={portal.said}>
        {said}
      </div>
      {arrived !== '' && arrived !== kept?.text && (
        <Arrived code={arrived} takesPlace={kept !== null} onKeep={keep} onDrop={() => setArrived('')} />
      )}
      {kept !== null && (
        <Panel>
          <Kept kept={kept} onRemove={remove} />
        </Panel>
      )}
      {kept === null && !asks && (
        <Panel>
          <Empty icon={ScanFace} title={t('face_none')}>
            {t('face_none_lead')}
          </Empty>
        </Panel>
      )}
      <Panel title={t('face_what')} padded>
        <ul className={styles.what}>
          {WHAT.map((key) => (
            <li key={key}>{t(key)}</li>
          ))}
        </ul>
      </Panel>
    </Page>
  );
}

interface ArrivedProps {
  readonly code: string;
  readonly takesPlace: boolean;
  readonly onKeep: () => void;
  readonly onDrop: () => void;
}

/** Asked, and not done at once: anybody can make a link, and it would take the place of what is there. */
function Arrived({ code, onDrop, onKeep, takesPlace }: ArrivedProps) {
  const t = usePortalTexts();
  if (!faceCodeSchema.safeParse(code).success) return <Notice tone="warn">{t('face_unreadable')}</Notice>;
  return (
    <Panel title={t('face_arrived')} padded>
      <div className="stack">
        <p>
          {t('face_arrived_lead')} {takesPlace && t('face_arrived_replaces')}
        </p>
        <div className={styles.buttons}>
          <Button look="primary" icon={Smartphone} onClick={onKeep}>
            {t('face_keep')}
          </Button>
          <Button onClick={onDrop}>{t('face_drop')}</Button>
        </div>
      </div>
    </Panel>
  );
}

function Kept({ kept: { code, keptAtMs }, onRemove }: { kept: KeptFaceCode; onRemove: () => void }) {
  const t = usePortalTexts();
  const instantText = useInstantText();
  const [open, setOpen] = useState<'code' | 'removal' | null>(null);
  const close = (): void => setOpen(null);
  return (
    <>
      <ul className={portal.rows}>
        <li>
          <Smartphone size={18} aria-hidden />
          <div className={portal.what}>
            <span className={portal.name}>{t('face_here')}</span>
            <span className={portal.facts}>{t('since', { time: instantText(keptAtMs) })}</span>
          </div>
          <div className={portal.end}>
            <Button look="primary" icon={QrCode} onClick={() => setOpen('code')}>
              {t('face_show')}
            </Button>
            <Button icon={Trash2} onClick={() => setOpen('removal')}>
              {t('remove')}
            </Button>
          </div>
        </li>
      </ul>
      {open === 'code' && <FaceCodeScreen code={code} onClose={close} />}
      {open === 'removal' && (
        <Dialog title={t('face_remove_title')} onClose={close}>
          <p>{t('face_remove_lead')}</p>
          <DialogActions>
            <Button onClick={close} data-initial-focus>
              {t('cancel')}
            </Button>
            <Button look="danger" icon={Trash2} onClick={onRemove}>
              {t('remove')}
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </>
  );
}
