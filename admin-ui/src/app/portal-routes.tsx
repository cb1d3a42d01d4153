import { getRouteApi, Outlet } from '@tanstack/react-router';
import { AccessPage } from '../features/portal/access-page.tsx';
import { FacePage } from '../features/portal/face-page.tsx';
import { LogPage } from '../features/portal/log-page.tsx';
import { OverviewPage } from '../features/portal/overview-page.tsx';
import { PasskeysPage } from '../features/portal/passkeys-page.tsx';
import { PortalLayout } from '../features/portal/portal-layout.tsx';
import { RecoveryPage } from '../features/portal/recovery-page.tsx';
import { SessionsPage } from '../features/portal/sessions-page.tsx';

const access = getRouteApi('/people/me/access');

const face = getRouteApi('/people/me/face');

export function PortalRoute() {
  return (
    <PortalLayout>
      <Outlet />
    </PortalLayout>
  );
}

export function AccessRoute() {
  return <AccessPage kind={access.useSearch().kind} />;
}

export function FaceRoute() {
  return <FacePage arrived={face.useRouteContext().arrivedFaceCode} />;
}

export const OverviewRoute = OverviewPage;
export const PasskeysRoute = PasskeysPage;
export const SessionsRoute = SessionsPage;
export const LogRoute = LogPage;
export const RecoveryRoute = RecoveryPage;
