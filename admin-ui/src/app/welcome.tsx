import { useQuery } from '@tanstack/react-query';
import { Link, Navigate } from '@tanstack/react-router';
import { ArrowRight, DoorOpen, FlaskConical, MonitorCog, type LucideIcon } from 'lucide-react';
import { sessionQuery } from '../shared/api/queries.ts';
import { createTexts } from '../shared/i18n/i18n.ts';
import { PersonFrame } from '../shared/i18n/person-frame.tsx';
import styles from './welcome.module.css';
import { Pending } from '../shared/ui/loaded.tsx';

const useWelcomeTexts = createTexts('welcome', {
  en: () => import('./welcome-texts/en.ts'),
  de: () => import('./welcome-texts/de.ts'),
  es: () => import('./welcome-texts/es.ts'),
});

/** The start: an operator who is signed in goes on to the console, anybody else says where to. */
export function Welcome() {
  const t = useWelcomeTexts();
  const session = useQuery(sessionQuery);
  if (session.data === undefined) {
    return (
      <PersonFrame title="Gatehouse">
        <Pending query={session} lines={3} />
      </PersonFrame>
    );
  }
  const { demo, person } = session.data;
  if (person !== null) return <Navigate to="/console" replace />;
  return (
    <PersonFrame title={t('title')} lead={demo ? t('demo_lead') : undefined}>
      <nav className={styles.choices} aria-label={t('start')}>
        {demo && <Choice to="/demo" icon={FlaskConical} name={t('demo')} note={t('demo_note')} />}
        <Choice to="/me" icon={DoorOpen} name={t('portal')} note={t('portal_note')} />
        <Choice to="/console" icon={MonitorCog} name={t('console')} note={t('console_note')} />
      </nav>
    </PersonFrame>
  );
}

interface ChoiceProps {
  readonly to: '/demo' | '/me' | '/console';
  readonly icon: LucideIcon;
  readonly name: string;
  readonly note: string;
}

function Choice({ icon: Icon, name, note, to }: ChoiceProps) {
  return (
    <Link to={to} className={styles.choice}>
      <Icon size={22} aria-hidden />
      <span>
        <strong>{name}</strong>
        {note}
      </span>
      <ArrowRight size={16} aria-hidden />
    </Link>
  );
}
