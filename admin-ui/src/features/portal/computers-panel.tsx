import { useQuery } from '@tanstack/react-query';
import { Laptop, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { UPDATE_AGE_DAYS_MAX } from '#gateway/http/contract/desk.ts';
import type { ComputerView } from '#gateway/http/contract/me-computers.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import { useInstantText } from '../../shared/ui/time.tsx';
import { computersQuery } from './portal-queries.ts';
import styles from './portal.module.css';
import { notToldOf, turnedOffOf, type PosturePart } from './posture-parts.ts';
import { RemoveDialog } from './remove-dialog.tsx';
import { Said } from './said.tsx';
import { usePortalTexts } from './texts/use-portal-texts.ts';

/** The person's own computers, how they are kept in plain words, and an end to them. */
export function ComputersPanel() {
  const t = usePortalTexts();
  const computers = useQuery(computersQuery);
  const [removed, setRemoved] = useState<ComputerView | null>(null);
  const [said, setSaid] = useState<ReactNode>(null);
  return (
    <>
      <Said of={said} focus="taken">
        {said}
      </Said>
      <Panel title={t('computers')}>
        <Loaded query={computers} lines={2}>
          {(data) =>
            data.computers.length === 0 ? (
              <Empty icon={Laptop} title={t('no_computers')}>
                {t('no_computers_lead')}
              </Empty>
            ) : (
              <>
                <p className={styles.more}>{t('computers_lead')}</p>
                <ul className={styles.rows}>
                  {data.computers.map((computer) => (
                    <ComputerRow key={computer.id} computer={computer} onRemove={() => setRemoved(computer)} />
                  ))}
                </ul>
              </>
            )
          }
        </Loaded>
      </Panel>
      {removed !== null && <RemoveDialog what="computer" thing={removed} onClose={() => setRemoved(null)} onDone={setSaid} />}
    </>
  );
}

function ComputerRow({ computer, onRemove }: { computer: ComputerView; onRemove: () => void }) {
  const t = usePortalTexts();
  const instantText = useInstantText();
  const { hasFace, name, posture, seenAtMs } = computer;
  return (
    <li>
      <Laptop size={18} aria-hidden />
      <div className={styles.what}>
        <span className={styles.name}>
          {name}
          {posture === null ? (
            <Chip tone="unknown">{t('computer_silent')}</Chip>
          ) : (
            <Chip tone={posture.isCompliant ? 'ok' : 'warn'}>{t(posture.isCompliant ? 'computer_ok' : 'computer_bad')}</Chip>
          )}
        </span>
        <span className={styles.facts}>
          {posture !== null && <span>{`${posture.told.os.name} ${posture.told.os.version}`}</span>}
          <span>{seenAtMs === null ? t('computer_never_seen') : t('seen', { time: instantText(seenAtMs) })}</span>
          {hasFace && <span>{t('computer_face')}</span>}
        </span>
        {posture !== null && <Advice posture={posture} />}
      </div>
      <div className={styles.end}>
        <Button size="small" icon={Trash2} aria-label={t('remove_of', { name })} onClick={onRemove}>
          {t('remove')}
        </Button>
      </div>
    </li>
  );
}

/** What the person can do about it. */
function Advice({ posture }: { posture: NonNullable<ComputerView['posture']> }) {
  const t = usePortalTexts();
  const named = (parts: readonly PosturePart[]): string => parts.map((part) => t(`posture_${part}`)).join(', ');
  const [off, unknown] = [turnedOffOf(posture.told), notToldOf(posture.told)];
  const ageDays = posture.told.os.age_days;
  return (
    <>
      {off.length > 0 && <span className={styles.remedy}>{t('posture_turn_on', { parts: named(off) })}</span>}
      {ageDays !== null && ageDays > UPDATE_AGE_DAYS_MAX && <span className={styles.remedy}>{t('posture_old', { count: ageDays })}</span>}
      {unknown.length > 0 && <span className={styles.remedy}>{t('posture_not_told', { parts: named(unknown) })}</span>}
    </>
  );
}
