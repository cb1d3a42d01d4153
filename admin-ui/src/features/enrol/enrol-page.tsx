import { useQuery } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { enrolmentOptionsSchema, enrolmentRequestSchema } from '#gateway/http/contract/sign-in.ts';
import { postJson } from '../../shared/api/client.ts';
import { PersonFrame } from '../../shared/i18n/person-frame.tsx';
import { Button } from '../../shared/ui/button.tsx';
import { Notice, ProblemNotice, Skeleton } from '../../shared/ui/states.tsx';
import { isRefused } from './is-refused.ts';
import { OfferCard } from './offer-card.tsx';
import { useEnrolTexts } from './texts/use-enrol-texts.ts';

/** By a link of an operator. */
export function EnrolPage({ token }: { token: string }) {
  const t = useEnrolTexts();
  const wellFormed = enrolmentRequestSchema.safeParse({ token }).success;
  const offer = useQuery({
    queryKey: ['enrolment'],
    queryFn: () => postJson('/api/enrolment/options', { token }, enrolmentOptionsSchema),
    enabled: wellFormed,
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  });
  if (!wellFormed) return <Dead />;
  if (offer.isPending) {
    return (
      <PersonFrame title={t('one_moment')}>
        <Skeleton lines={3} label={t('loading')} />
      </PersonFrame>
    );
  }
  if (offer.isError) {
    if (isRefused(offer.error)) return <Dead />;
    return (
      <PersonFrame title={t('not_checked')}>
        <ProblemNotice error={offer.error} />
        <Button icon={RotateCcw} onClick={() => void offer.refetch()}>
          {t('try_again')}
        </Button>
      </PersonFrame>
    );
  }
  return <OfferCard offer={offer.data} by="link" onAgain={() => void offer.refetch()} />;
}

function Dead() {
  const t = useEnrolTexts();
  return (
    <PersonFrame title={t('dead_title')}>
      <Notice tone="warn" role="alert">
        {t('dead_lead')}
      </Notice>
    </PersonFrame>
  );
}
