import { getRouteApi } from '@tanstack/react-router';
import { EditorPage } from '../features/policy/editor/editor-page.tsx';

const editor = getRouteApi('/console/policy/revisions/$revisionId/edit');

/** Apart from the policy's other pages: the editor is heavy, and is loaded when it is opened. */
export function EditorRoute() {
  const { revisionId } = editor.useParams();
  const navigate = editor.useNavigate();
  return (
    <EditorPage
      revisionId={revisionId}
      place={editor.useSearch()}
      onPlace={(place) => void navigate({ search: place, replace: true })}
      onRevision={(savedId) => void navigate({ params: { revisionId: savedId }, search: (place) => place, replace: true })}
    />
  );
}
