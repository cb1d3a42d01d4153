import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import {
  checkResultSchema,
  formatResultSchema,
  revisionResultSchema,
  testResultSchema,
  type FindingView,
  type RevisionDetailView,
} from '#gateway/http/contract/policy.ts';
import { postJson } from '../../../shared/api/client.ts';
import { COMPILER_TIMEOUT_MS, revisionPath, revisionQuery } from '../policy-queries.ts';
import { filesOf, realEdits, toContent, withEdits, type CopyStore, type Edits } from './working-copy.ts';

interface DraftOptions {
  readonly detail: RevisionDetailView;
  readonly store: CopyStore;
  /** The text has become a revision of its own, which the editor goes on with. */
  readonly onSaved: (revisionId: string) => void;
}

/** The text that is being written, on the revision that it began with. Saving makes a new revision: none ever changes. */
export function useDraft({ detail, store, onSaved }: DraftOptions) {
  const { revision, content } = detail;
  const [kept] = useState(() => store.read(revision.id));
  const [edits, setEdits] = useState<Edits>(kept?.edits ?? {});
  const [note, setNote] = useState(kept?.note ?? (revision.activatedAtMs === null ? revision.note : ''));
  const base = useMemo(() => filesOf(content), [content]);
  const unsaved = useMemo(() => realEdits(base, edits), [base, edits]);
  const files = useMemo(() => withEdits(base, unsaved), [base, unsaved]);
  const isDirty = Object.keys(unsaved).length > 0;
  const isKept = useKeptCopy(store, revision.id, { unsaved, note });
  const save = useSave({ detail, store, onSaved });
  const saveNow = async (): Promise<string> => {
    if (!isDirty) return revision.id;
    return (await save.mutateAsync({ content: toContent(files), note })).revision.id;
  };
  return {
    files,
    unsaved,
    note,
    setNote,
    isDirty,
    isKept,
    /** When what was found in the tab was written; null when there was nothing. */
    restoredAtMs: kept?.atMs ?? null,
    edit: (path: string, text: string | null) => setEdits((before) => ({ ...before, [path]: text })),
    discard: () => setEdits({}),
    save: saveNow,
    isSaving: save.isPending,
    saveError: save.error,
  };
}

/** Keeps what is unsaved in the tab at every change; false when the browser would not. */
function useKeptCopy(store: CopyStore, baseId: string, { unsaved, note }: { readonly unsaved: Edits; readonly note: string }): boolean {
  const [isKept, setKept] = useState(true);
  useEffect(() => {
    if (Object.keys(unsaved).length === 0) store.remove(baseId);
    else setKept(store.write(baseId, { edits: unsaved, note, atMs: Date.now() }));
  }, [store, baseId, unsaved, note]);
  return isKept;
}

function useSave({ detail, store, onSaved }: DraftOptions) {
  const queries = useQueryClient();
  const parentId = detail.revision.id;
  return useMutation({
    mutationFn: async (draft: Pick<RevisionDetailView, 'content'> & { readonly note: string }) => {
      const { revision } = await postJson('/api/policy/drafts', { ...draft, parentId }, revisionResultSchema, COMPILER_TIMEOUT_MS);
      return { revision, content: draft.content };
    },
    onSuccess: ({ revision, content }) => {
      queries.setQueryData(
        revisionQuery(revision.id).queryKey,
        (known: RevisionDetailView | undefined) => known ?? { revision, content, check: null, test: null, impact: null },
      );
      store.remove(parentId);
      onSaved(revision.id);
      void queries.invalidateQueries({ queryKey: ['policy', 'revisions'] });
    },
  });
}

/** What the gateway does with the text: each saves first, since only a revision is checked and tested. */
export function useDraftTools(save: () => Promise<string>) {
  const queries = useQueryClient();
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ['policy'] });
  const checkNow = async (id: string) => postJson(revisionPath(id, 'check'), {}, checkResultSchema, COMPILER_TIMEOUT_MS);
  const check = useMutation({ mutationFn: async () => checkNow(await save()), onSettled: refresh });
  const test = useMutation({
    mutationFn: async () => {
      const id = await save();
      const { report } = await checkNow(id);
      // What does not compile cannot be tested: the problems say why.
      if (report.findings.some(({ severity }) => severity === 'error')) return null;
      return (await postJson(revisionPath(id, 'test'), {}, testResultSchema, COMPILER_TIMEOUT_MS)).report;
    },
    onSettled: refresh,
  });
  return { check, test };
}

export type Formatted = { readonly path: string } & (
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly findings: readonly FindingView[] }
);

export function useFormat(onFormatted: (formatted: Formatted) => void) {
  return useMutation({
    mutationFn: async (file: { readonly path: string; readonly text: string }): Promise<Formatted> => ({
      ...(await postJson('/api/policy/format', file, formatResultSchema, COMPILER_TIMEOUT_MS)),
      path: file.path,
    }),
    onSuccess: onFormatted,
  });
}
