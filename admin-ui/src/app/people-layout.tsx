import { Outlet } from '@tanstack/react-router';
import { Suspense } from 'react';
import { PeopleProvider } from '../shared/i18n/people-provider.tsx';
import { DoorFrame } from '../shared/ui/door-frame.tsx';

/** Around every page that is in the person's language. Until its texts have come the frame is there and says nothing. */
export function PeopleLayout() {
  return (
    <Suspense fallback={<DoorFrame title="Gatehouse" />}>
      <PeopleProvider>
        <Outlet />
      </PeopleProvider>
    </Suspense>
  );
}
