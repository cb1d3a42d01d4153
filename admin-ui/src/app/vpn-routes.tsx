import { getRouteApi } from '@tanstack/react-router';
import { ApprovePage } from '../features/vpn/approve-page.tsx';
import { VpnPage } from '../features/vpn/vpn-page.tsx';

const approve = getRouteApi('/people/vpn/approve/$id');

export function VpnRoute() {
  return <VpnPage />;
}

export function VpnApproveRoute() {
  return <ApprovePage id={approve.useParams().id} />;
}
