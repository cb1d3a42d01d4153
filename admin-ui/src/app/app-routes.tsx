import { getRouteApi } from '@tanstack/react-router';
import { AddAppPage } from '../features/apps/add-app-page.tsx';
import { AppPage } from '../features/apps/app-page.tsx';
import { AppsPage } from '../features/apps/apps-page.tsx';

const app = getRouteApi('/console/apps/$appId');

/** Joins the pages of apps to their addresses. */
export function AppsRoute() {
  return <AppsPage />;
}

export function AddAppRoute() {
  return <AddAppPage />;
}

export function AppRoute() {
  const { appId } = app.useParams();
  return <AppPage key={appId} appId={appId} />;
}
