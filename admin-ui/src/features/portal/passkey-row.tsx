import { Fingerprint, Laptop, Pencil, Smartphone, Trash2, Usb, type LucideIcon } from 'lucide-react';
import type { PasskeyView } from '#gateway/http/contract/me.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { useInstantText } from '../../shared/ui/time.tsx';
import styles from './portal.module.css';
import { usePortalTexts } from './texts/use-portal-texts.ts';

const icons: Readonly<Record<PasskeyView['kind'], LucideIcon>> = {
  device: Laptop,
  security_key: Usb,
  phone: Smartphone,
  unknown: Fingerprint,
};

interface PasskeyRowProps {
  readonly passkey: PasskeyView;
  readonly onRename: () => void;
  readonly onRemove: () => void;
}

export function PasskeyRow({ passkey, onRename, onRemove }: PasskeyRowProps) {
  const t = usePortalTexts();
  const instantText = useInstantText();
  const { backedUp, createdAtMs, current, kind, lastUsedAtMs, name, notRemovable } = passkey;
  const Icon = icons[kind];
  return (
    <li>
      <Icon size={18} aria-hidden />
      <div className={styles.what}>
        <span className={styles.name}>
          {name} {current && <Chip tone="ok">{t('this_session')}</Chip>}
        </span>
        <span className={styles.facts}>
          <span>
            {t(`kind_${kind}`)}
            {backedUp && `, ${t('synced')}`}
          </span>
          <span>{t('created', { time: instantText(createdAtMs) })}</span>
          <span>{lastUsedAtMs === null ? t('never_used') : t('last_used', { time: instantText(lastUsedAtMs) })}</span>
        </span>
        {notRemovable !== null && <span className="soft">{t('last_way_in')}</span>}
      </div>
      <div className={styles.end}>
        <Button size="small" icon={Pencil} aria-label={t('rename_of', { name })} onClick={onRename}>
          {t('rename')}
        </Button>
        <Button size="small" icon={Trash2} disabled={notRemovable !== null} aria-label={t('remove_of', { name })} onClick={onRemove}>
          {t('remove')}
        </Button>
      </div>
    </li>
  );
}
