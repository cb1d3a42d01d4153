import { getRouteApi } from '@tanstack/react-router';
import { ApprovePage } from '../features/vpn/approve-page.tsx';

const approve = getRouteApi('/vpn/approve/$id');

export function VpnApproveRoute() {
  return <ApprovePage id={approve.useParams().id} />;
}
