import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fingerprint, RotateCcw } from 'lucide-react';
import { enrolledSchema, type Enrolled, type EnrolmentOptions } from '#gateway/http/contract/sign-in.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { postJson } from '../../shared/api/client.ts';
import { createPasskey } from '../../shared/api/passkey.ts';
import { PersonFrame } from '../../shared/i18n/person-frame.tsx';
import { Button, buttonClass } from '../../shared/ui/button.tsx';
import { Notice, ProblemNotice } from '../../shared/ui/states.tsx';
import { useInstantText } from '../../shared/ui/time.tsx';
import { useEnrolTexts } from './texts/use-enrol-texts.ts';

interface OfferCardProps {
  readonly offer: EnrolmentOptions;
  /** What the person came with. */
  readonly by: 'link' | 'code';
  readonly onAgain: () => void;
}

/** Creates the passkey that a link or a code is good for. */
export function OfferCard({ by, offer, onAgain }: OfferCardProps) {
  const t = useEnrolTexts();
  const instantText = useInstantText();
  const name = offer.displayName;
  const enrol = useMutation({
    mutationFn: async () => {
      const response = await createPasskey(offer.options);
      return postJson('/api/enrolment/verify', { ceremonyId: offer.ceremonyId, response }, enrolledSchema);
    },
  });
  if (enrol.isSuccess) return <Done enrolled={enrol.data} />;
  const refused = enrol.isError && toApiError(enrol.error).status > 0;
  return (
    <PersonFrame title={t('welcome', { name })} lead={t('lead')}>
      {enrol.isError && <ProblemNotice error={enrol.error} />}
      {refused ? (
        <Button size="large" icon={RotateCcw} onClick={onAgain}>
          {t('start_again')}
        </Button>
      ) : (
        <Button look="primary" size="large" width="wide" icon={Fingerprint} busy={enrol.isPending} onClick={() => enrol.mutate()} autoFocus>
          {t('create')}
        </Button>
      )}
      <p>{t(`${by}_valid_until`, { time: instantText(offer.expiresAtMs), name })}</p>
    </PersonFrame>
  );
}

function Done({ enrolled }: { enrolled: Enrolled }) {
  const t = useEnrolTexts();
  return (
    <PersonFrame title={t('ready')}>
      <Notice tone="ok" role="status">
        {t('can_sign_in', { name: enrolled.displayName })}
      </Notice>
      <div className="stack-s">
        {enrolled.console && (
          <Link to="/console" className={buttonClass('primary', 'large')}>
            {t('open_console')}
          </Link>
        )}
        <Link to="/me" className={buttonClass(enrolled.console ? 'plain' : 'primary', 'large')}>
          {t('open_portal')}
        </Link>
      </div>
    </PersonFrame>
  );
}
