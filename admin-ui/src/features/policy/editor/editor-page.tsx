import { useQuery } from '@tanstack/react-query';
import { Link, useBlocker } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import type { RevisionDetailView } from '#gateway/http/contract/policy.ts';
import { sessionQuery } from '../../../shared/api/queries.ts';
import { Pending } from '../../../shared/ui/loaded.tsx';
import { backClass, Page, Panel } from '../../../shared/ui/page.tsx';
import { Notice } from '../../../shared/ui/states.tsx';
import { LineageTrail } from '../lineage-trail.tsx';
import { revisionQuery } from '../policy-queries.ts';
import { RevisionChip } from '../revision-chip.tsx';
import { revisionName } from '../revision-words.ts';
import { DraftEditor } from './draft-editor.tsx';
import type { EditorPlace } from './editor-place.ts';
import { LeaveDialog } from './leave-dialog.tsx';
import { createCopyStore } from './working-copy.ts';

interface EditorPageProps {
  readonly revisionId: string;
  readonly place: EditorPlace;
  readonly onPlace: (place: EditorPlace) => void;
  /** The editor goes on with another revision, at the same place. */
  readonly onRevision: (revisionId: string) => void;
}

export function EditorPage({ revisionId, place, onPlace, onRevision }: EditorPageProps) {
  const detail = useQuery(revisionQuery(revisionId));
  const session = useQuery(sessionQuery);
  // Revisions that were saved in one sitting are one sitting: the editor keeps its files, cursors and histories.
  const [sittings, setSittings] = useState<Readonly<Record<string, string>>>({});
  const sitting = sittings[revisionId] ?? revisionId;
  const back = (
    <Link to="/console/policy/revisions/$revisionId" params={{ revisionId }} className={backClass}>
      <ArrowLeft size={14} aria-hidden /> Revision
    </Link>
  );
  if (detail.data === undefined || session.data?.person == null) {
    return (
      <Page title="Policy editor" back={back}>
        <Panel>
          <Pending query={detail} lines={10} />
        </Panel>
      </Page>
    );
  }
  return (
    <Page title="Policy editor" back={back} sub={<Origin detail={detail.data} />}>
      {!session.data.actions.includes('policy.propose') && (
        <Notice tone="warn">Your role reads the policy; it does not propose another.</Notice>
      )}
      <Sitting
        key={sitting}
        detail={detail.data}
        operatorId={session.data.person.id}
        place={place}
        onPlace={onPlace}
        onSaved={(savedId) => {
          setSittings((before) => ({ ...before, [savedId]: sitting }));
          onRevision(savedId);
        }}
      />
    </Page>
  );
}

function Origin({ detail: { revision } }: { detail: RevisionDetailView }) {
  return (
    <>
      <RevisionChip state={revision.state} />
      <span>
        {revisionName(revision)} <LineageTrail revision={revision} />
      </span>
    </>
  );
}

interface SittingProps extends Pick<EditorPageProps, 'place' | 'onPlace'> {
  readonly detail: RevisionDetailView;
  readonly operatorId: string;
  readonly onSaved: (revisionId: string) => void;
}

/** Leaving with unsaved text is asked about; closing the tab as well, by the browser. */
function Sitting({ operatorId, ...rest }: SittingProps) {
  const [store] = useState(() => createCopyStore(sessionStorage, operatorId));
  const [isDirty, setDirty] = useState(false);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && current.routeId !== next.routeId,
    enableBeforeUnload: isDirty,
    withResolver: true,
  });
  return (
    <>
      <DraftEditor {...rest} store={store} onDirty={setDirty} />
      {blocker.status === 'blocked' && (
        <LeaveDialog
          onStay={blocker.reset}
          onLeave={blocker.proceed}
          onDiscard={() => {
            store.remove(rest.detail.revision.id);
            blocker.proceed();
          }}
        />
      )}
    </>
  );
}
