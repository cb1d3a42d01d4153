import { CircleAlert, CircleCheck, CircleHelp, CircleX, Minus, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Tone } from '../log/describe-record.ts';
import styles from './chip.module.css';

const icons: Readonly<Record<Tone, LucideIcon>> = { ok: CircleCheck, deny: CircleX, warn: CircleAlert, unknown: CircleHelp, info: Minus };

/** A status: always an icon and a word, so that colour is never the only carrier. */
export function Chip({ tone, icon, children }: { tone: Tone; icon?: LucideIcon; children: ReactNode }) {
  const Icon = icon ?? icons[tone];
  return (
    <span className={`${styles.chip} ${styles[tone]}`}>
      <Icon size={13} strokeWidth={2.25} aria-hidden />
      {children}
    </span>
  );
}
