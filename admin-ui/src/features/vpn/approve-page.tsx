import { useMutation, useQuery } from '@tanstack/react-query';
import { CircleCheck, Fingerprint } from 'lucide-react';
import { assertionOptionsSchema } from '#gateway/http/contract/sign-in.ts';
import { vpnApprovalSchema, vpnApprovedSchema, type VpnApprovalView } from '#gateway/http/contract/vpn.ts';
import { getJson, postJson } from '../../shared/api/client.ts';
import { signWithPasskey } from '../../shared/api/passkey.ts';
import { Button } from '../../shared/ui/button.tsx';
import { DoorFrame } from '../../shared/ui/door-frame.tsx';
import { ReasonList } from '../../shared/ui/reason-list.tsx';
import { DecisionNumber, Notice, ProblemNotice, Skeleton } from '../../shared/ui/states.tsx';

/** What a VPN client opens while it waits: the passkey lets the connection in. */
export function ApprovePage({ id }: { id: string }) {
  const path = `/api/vpn/approvals/${encodeURIComponent(id)}`;
  const waiting = useQuery({
    queryKey: ['vpn', 'approval', id],
    queryFn: ({ signal }) => getJson(path, vpnApprovalSchema, signal),
    retry: false,
    staleTime: Infinity,
  });
  if (waiting.isPending) {
    return (
      <DoorFrame title="One moment">
        <Skeleton lines={3} label="Loading the connection" />
      </DoorFrame>
    );
  }
  if (waiting.isError) {
    return (
      <DoorFrame title="There is no connection that waits">
        <ProblemNotice error={waiting.error} />
      </DoorFrame>
    );
  }
  return <Approve path={path} connection={waiting.data} />;
}

function Approve({ path, connection }: { path: string; connection: VpnApprovalView }) {
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
      <DoorFrame title="You are connected">
        <p>
          <CircleCheck size={18} aria-hidden /> {realmName} lets your device in. You can close this page.
        </p>
      </DoorFrame>
    );
  }
  if (approve.data?.outcome === 'denied') {
    return (
      <DoorFrame title={`${realmName} is closed to you right now`}>
        <ReasonList reasons={approve.data.reasons} />
        <DecisionNumber id={approve.data.decisionId} />
      </DoorFrame>
    );
  }
  return (
    <DoorFrame title={`Connect to ${realmName}?`} lead={`A device wants to connect as ${userName}${ip === null ? '' : ` from ${ip}`}.`}>
      {!isFromHere && (
        <Notice tone="warn">It does not have the address of this browser. Go on only if you have just started the VPN yourself.</Notice>
      )}
      {approve.isError && <ProblemNotice error={approve.error} />}
      <Button
        look="primary"
        size="large"
        width="wide"
        icon={Fingerprint}
        busy={approve.isPending}
        onClick={() => approve.mutate()}
        autoFocus
      >
        Connect with passkey
      </Button>
    </DoorFrame>
  );
}
