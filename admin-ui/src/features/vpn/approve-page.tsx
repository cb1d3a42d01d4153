import { useMutation, useQuery } from '@tanstack/react-query';
import { CircleCheck, Fingerprint } from 'lucide-react';
import { assertionOptionsSchema } from '#gateway/http/contract/sign-in.ts';
import { vpnApprovalSchema, vpnApprovedSchema, type VpnApprovalView } from '#gateway/http/contract/vpn.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { getJson, postJson } from '../../shared/api/client.ts';
import { signWithPasskey } from '../../shared/api/passkey.ts';
import { PersonFrame } from '../../shared/i18n/person-frame.tsx';
import { Button } from '../../shared/ui/button.tsx';
import { ReasonList } from '../../shared/ui/reason-list.tsx';
import { DecisionNumber, Notice, ProblemNotice, Skeleton } from '../../shared/ui/states.tsx';
import { useVpnTexts } from './texts/use-vpn-texts.ts';

/** What a VPN client opens while it waits: the passkey lets the connection in. */
export function ApprovePage({ id }: { id: string }) {
  const t = useVpnTexts();
  const path = `/api/vpn/approvals/${encodeURIComponent(id)}`;
  const waiting = useQuery({
    queryKey: ['vpn', 'approval', id],
    queryFn: ({ signal }) => getJson(path, vpnApprovalSchema, signal),
    retry: false,
    staleTime: Infinity,
  });
  if (waiting.isPending) {
    return (
      <PersonFrame title={t('one_moment')}>
        <Skeleton lines={3} label={t('loading_connection')} />
      </PersonFrame>
    );
  }
  if (waiting.isError) {
    return (
      <PersonFrame title={t('nothing_waits')}>
        {toApiError(waiting.error).status === 404 ? (
          <Notice tone="warn" role="alert">
            {t('nothing_waits_lead')}
          </Notice>
        ) : (
          <ProblemNotice error={waiting.error} />
        )}
      </PersonFrame>
    );
  }
  return <Approve path={path} connection={waiting.data} />;
}

function Approve({ path, connection }: { path: string; connection: VpnApprovalView }) {
  const t = useVpnTexts();
  const { ip, isFromHere, realmName, userName } = connection;
  const approve = useMutation({
    mutationFn: async () => {
      const { ceremonyId, options } = await postJson(`${path}/options`, {}, assertionOptionsSchema);
      const response = await signWithPasskey(options);
      return postJson(path, { ceremonyId, response }, vpnApprovedSchema);
    },
  });
  if (approve.data?.outcome === 'approved') {
    return (
      <PersonFrame title={t('connected')}>
        <p>
          <CircleCheck size={18} aria-hidden /> {t('connected_lead', { realmName })}
        </p>
      </PersonFrame>
    );
  }
  if (approve.data?.outcome === 'denied') {
    return (
      <PersonFrame title={t('denied_title', { realmName })}>
        <ReasonList reasons={approve.data.reasons} />
        <DecisionNumber id={approve.data.decisionId} />
      </PersonFrame>
    );
  }
  return (
    <PersonFrame
      title={t('connect_title', { realmName })}
      lead={ip === null ? t('connect_lead', { userName }) : t('connect_lead_from', { userName, ip })}
    >
      {!isFromHere && <Notice tone="warn">{t('other_address')}</Notice>}
      {approve.isError &&
        (toApiError(approve.error).code === 'request.forbidden' ? (
          <Notice tone="deny" role="alert">
            {t('other_name')}
          </Notice>
        ) : (
          <ProblemNotice error={approve.error} />
        ))}
      <Button
        look="primary"
        size="large"
        width="wide"
        icon={Fingerprint}
        busy={approve.isPending}
        onClick={() => approve.mutate()}
        autoFocus
      >
        {t('connect')}
      </Button>
    </PersonFrame>
  );
}
