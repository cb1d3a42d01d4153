import { getRouteApi } from '@tanstack/react-router';
import { EnrolPage } from '../features/enrol/enrol-page.tsx';
import { RecoverPage } from '../features/enrol/recover-page.tsx';
import { InteractionPage } from '../features/sign-in/interaction-page.tsx';

const signIn = getRouteApi('/people/signin/$uid');
const enrol = getRouteApi('/people/enrol');

export function SignInRoute() {
  return <InteractionPage uid={signIn.useParams().uid} />;
}

export function EnrolRoute() {
  return <EnrolPage token={enrol.useRouteContext().enrolmentToken} />;
}

export const RecoverRoute = RecoverPage;
