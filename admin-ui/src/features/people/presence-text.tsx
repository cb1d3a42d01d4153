import { MapPin, MapPinOff } from 'lucide-react';
import type { PersonView } from '#gateway/http/contract/admin.ts';
import { useNotKnown } from '../../shared/live/live-context.tsx';
import { Ago } from '../../shared/ui/time.tsx';
import styles from './person-page.module.css';

export function PresenceText({ presence }: { presence: PersonView['presence'] }) {
  const notKnown = useNotKnown();
  if (presence === null || presence.state === 'unknown' || notKnown !== null) {
    return (
      <span className={styles.presence}>
        <MapPinOff size={14} aria-hidden /> Whereabouts {notKnown ?? 'unknown'}
      </span>
    );
  }
  const area = presence.areaName ?? presence.areaId;
  const place =
    presence.state === 'outside' ? 'Outside' : presence.state === 'stale' ? `Last seen in ${area ?? 'an area'}` : `In ${area ?? 'an area'}`;
  return (
    <span className={styles.presence}>
      {presence.state === 'stale' ? <MapPinOff size={14} aria-hidden /> : <MapPin size={14} aria-hidden />} {place}
      <span className="soft">
        <Ago atMs={presence.observedAtMs} />
      </span>
    </span>
  );
}
