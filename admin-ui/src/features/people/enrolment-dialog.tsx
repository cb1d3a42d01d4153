import { Link2 } from 'lucide-react';
import { enrolmentLinkSchema, type PersonView } from '#gateway/http/contract/admin.ts';
import { OnceDialog } from '../../shared/ui/once-dialog.tsx';
import { Instant } from '../../shared/ui/time.tsx';

export function EnrolmentDialog({ person, onClose }: { person: PersonView; onClose: () => void }) {
  return (
    <OnceDialog
      title={`Enrolment link for ${person.displayName}`}
      lead={`Whoever opens the link can create a passkey as ${person.displayName}. Creating it is recorded.`}
      action="Create the link"
      icon={Link2}
      path={`/api/people/${encodeURIComponent(person.id)}/enrolment`}
      schema={enrolmentLinkSchema}
      shown={({ url, expiresAtMs }) => ({
        secret: url,
        copyLabel: 'Copy the link',
        note: (
          <>
            Hand it to {person.displayName} in person. It works once, until <Instant atMs={expiresAtMs} />, and is not shown again.
          </>
        ),
      })}
      onClose={onClose}
    />
  );
}
