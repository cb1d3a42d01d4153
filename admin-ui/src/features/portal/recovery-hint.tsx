import { Link } from '@tanstack/react-router';
import { usePortalTexts } from './texts/use-portal-texts.ts';

/** For whoever has no passkey left to confirm another one with. */
export function RecoveryHint() {
  const t = usePortalTexts();
  return (
    <p>
      {t('passkeys_none_lead')} <Link to="/me/recovery">{t('to_recovery')}</Link>
    </p>
  );
}
