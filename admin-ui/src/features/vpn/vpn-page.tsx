import { useMutation, useQuery } from '@tanstack/react-query';
import { Fingerprint, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { assertionOptionsSchema } from '#gateway/http/contract/sign-in.ts';
import { vpnCodeSchema, vpnRealmsSchema, type VpnCodeView, type VpnRealmsView } from '#gateway/http/contract/vpn.ts';
import { getJson, postJson } from '../../shared/api/client.ts';
import { signWithPasskey } from '../../shared/api/passkey.ts';
import { PersonFrame } from '../../shared/i18n/person-frame.tsx';
import { Button } from '../../shared/ui/button.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { ReasonList } from '../../shared/ui/reason-list.tsx';
import { DecisionNumber, Notice, ProblemNotice, Skeleton } from '../../shared/ui/states.tsx';
import { useInstantText } from '../../shared/ui/time.tsx';
import { CodeCard } from './code-card.tsx';
import { useVpnTexts } from './texts/use-vpn-texts.ts';

/** Where a person gets a one-time code for a VPN client: passkey, decision, eight digits. */
export function VpnPage() {
  const t = useVpnTexts();
  const realms = useQuery({
    queryKey: ['vpn', 'realms'],
    queryFn: ({ signal }) => getJson('/api/vpn/realms', vpnRealmsSchema, signal),
    retry: false,
    staleTime: Infinity,
  });
  if (realms.isPending) {
    return (
      <PersonFrame title={t('one_moment')}>
        <Skeleton lines={3} label={t('loading_realms')} />
      </PersonFrame>
    );
  }
  if (realms.isError) {
    return (
      <PersonFrame title={t('realms_not_loaded')}>
        <ProblemNotice error={realms.error} />
        <Button icon={RotateCcw} onClick={() => void realms.refetch()}>
          {t('try_again')}
        </Button>
      </PersonFrame>
    );
  }
  return <CodeRequest realms={realms.data.realms} />;
}

function CodeRequest({ realms }: { realms: VpnRealmsView['realms'] }) {
  const t = useVpnTexts();
  const [realmId, setRealmId] = useState(realms[0]?.id ?? '');
  const request = useMutation({
    mutationFn: async (): Promise<VpnCodeView> => {
      const path = `/api/vpn/realms/${encodeURIComponent(realmId)}`;
      const { ceremonyId, options } = await postJson(`${path}/options`, {}, assertionOptionsSchema);
      const response = await signWithPasskey(options);
      return postJson(`${path}/code`, { ceremonyId, response }, vpnCodeSchema);
    },
  });
  const realm = realms.find(({ id }) => id === realmId);
  const realmName = realm?.name ?? 'VPN';
  if (request.data?.outcome === 'code') return <CodeCard realmName={realmName} given={request.data} onAgain={() => request.reset()} />;
  if (request.data?.outcome === 'denied') return <Denied realmName={realmName} denied={request.data} onAgain={() => request.reset()} />;
  return (
    <PersonFrame title={t('title')} lead={t('lead')}>
      {realms.length === 0 && <Notice tone="warn">{t('none')}</Notice>}
      {request.isError && <ProblemNotice error={request.error} />}
      {realms.length > 1 && (
        <Field label="VPN">
          {(control) => (
            <select {...control} value={realmId} onChange={(event) => setRealmId(event.target.value)}>
              {realms.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Button
        look="primary"
        size="large"
        width="wide"
        icon={Fingerprint}
        busy={request.isPending}
        disabled={realms.length === 0}
        onClick={() => request.mutate()}
        autoFocus
      >
        {t('get_code')}
      </Button>
      {realm?.push === true && (
        <p className="soft">
          {t('push_hint')} <a href="/oidc/approve">{t('push_page')}</a>
        </p>
      )}
    </PersonFrame>
  );
}

interface DeniedProps {
  readonly realmName: string;
  readonly denied: Extract<VpnCodeView, { outcome: 'denied' }>;
  readonly onAgain: () => void;
}

function Denied({ realmName, denied, onAgain }: DeniedProps) {
  const t = useVpnTexts();
  const instantText = useInstantText();
  return (
    <PersonFrame title={t('denied_title', { realmName })}>
      <ReasonList reasons={denied.reasons} />
      <Button look="primary" size="large" icon={RotateCcw} onClick={onAgain} autoFocus>
        {t('try_again')}
      </Button>
      <DecisionNumber id={denied.decisionId} />
      <p className="soft">{t('decided_at', { time: instantText(denied.atMs) })}</p>
    </PersonFrame>
  );
}
