import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fingerprint, RotateCcw } from 'lucide-react';
import {
  enrolledSchema,
  enrolmentOptionsSchema,
  enrolmentRequestSchema,
  type Enrolled,
  type EnrolmentOptions,
} from '#gateway/http/contract/sign-in.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { postJson } from '../../shared/api/client.ts';
import { createPasskey } from '../../shared/api/passkey.ts';
import { Button, buttonClass } from '../../shared/ui/button.tsx';
import { DoorFrame } from '../../shared/ui/door-frame.tsx';
import { Notice, ProblemNotice, Skeleton } from '../../shared/ui/states.tsx';
import { Instant } from '../../shared/ui/time.tsx';

export function EnrolPage({ token }: { token: string }) {
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
      <DoorFrame title="One moment">
        <Skeleton lines={3} label="Checking the link" />
      </DoorFrame>
    );
  }
  if (offer.isError) {
    const { status } = toApiError(offer.error);
    if (status >= 400 && status < 500 && status !== 429) return <Dead />;
    return (
      <DoorFrame title="The link could not be checked">
        <ProblemNotice error={offer.error} />
        <Button icon={RotateCcw} onClick={() => void offer.refetch()}>
          Try again
        </Button>
      </DoorFrame>
    );
  }
  return <Offer offer={offer.data} onAgain={() => void offer.refetch()} />;
}

function Dead() {
  return (
    <DoorFrame title="This link does not work any more">
      <Notice tone="warn" role="alert">
        An enrolment link works once and only for a short time. Ask an operator for a new one.
      </Notice>
    </DoorFrame>
  );
}

function Offer({ offer, onAgain }: { offer: EnrolmentOptions; onAgain: () => void }) {
  const enrol = useMutation({
    mutationFn: async () => {
      const response = await createPasskey(offer.options);
      return postJson('/api/enrolment/verify', { ceremonyId: offer.ceremonyId, response }, enrolledSchema);
    },
  });
  if (enrol.isSuccess) return <Done enrolled={enrol.data} />;
  const refused = enrol.isError && toApiError(enrol.error).status > 0;
  return (
    <DoorFrame
      title={`Welcome, ${offer.displayName}`}
      lead="Create a passkey on this device. It replaces a password and never leaves the device."
    >
      {enrol.isError && <ProblemNotice error={enrol.error} />}
      {refused ? (
        <Button size="large" icon={RotateCcw} onClick={onAgain}>
          Start again
        </Button>
      ) : (
        <Button look="primary" size="large" width="wide" icon={Fingerprint} busy={enrol.isPending} onClick={() => enrol.mutate()} autoFocus>
          Create passkey
        </Button>
      )}
      <p>
        This link works until <Instant atMs={offer.expiresAtMs} />. If you are not {offer.displayName}, close the page.
      </p>
    </DoorFrame>
  );
}

function Done({ enrolled }: { enrolled: Enrolled }) {
  return (
    <DoorFrame title="Your passkey is ready">
      <Notice tone="ok" role="status">
        {enrolled.displayName} can sign in with it from now on.
      </Notice>
      {enrolled.console ? (
        <Link to="/console" className={buttonClass('primary', 'large')}>
          Open the console
        </Link>
      ) : (
        <p>You can close this page and sign in to your apps.</p>
      )}
    </DoorFrame>
  );
}
