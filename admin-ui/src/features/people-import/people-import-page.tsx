import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, FileSearch } from 'lucide-react';
import { useState } from 'react';
import { importReportSchema, type ImportBody } from '#gateway/http/contract/people-import.ts';
import { postJson } from '../../shared/api/client.ts';
import { sessionQuery } from '../../shared/api/queries.ts';
import { Button } from '../../shared/ui/button.tsx';
import { backClass, Page, Panel } from '../../shared/ui/page.tsx';
import { Notice, ProblemNotice } from '../../shared/ui/states.tsx';
import { EMPTY_DRAFT, ImportFields, tableOf } from './import-fields.tsx';
import { ImportReportPanel } from './import-report-panel.tsx';
import styles from './people-import-page.module.css';
import { TakeImport } from './take-import.tsx';

/** Each suspension waits for the apps to answer. */
const IMPORT_TIMEOUT_MS = 600_000;

/** A table of people: tried first, row by row, and taken only as it was tried. */
export function PeopleImportPage() {
  const mayImport = useQuery(sessionQuery).data?.actions.includes('person.import') ?? false;
  return (
    <Page
      title="Import people"
      sub="A column that is not in the table stays as it is, and one wrong row stops everything."
      back={
        <Link to="/console/people" className={backClass}>
          <ArrowLeft size={14} aria-hidden /> People
        </Link>
      }
    >
      {mayImport ? (
        <ImportForm />
      ) : (
        <Notice tone="warn">
          <p>Your role does not import people.</p>
        </Notice>
      )}
    </Page>
  );
}

function ImportForm() {
  const queries = useQueryClient();
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const send = useMutation({
    mutationFn: (body: ImportBody) => postJson('/api/people/import', body, importReportSchema, IMPORT_TIMEOUT_MS),
    onSuccess: ({ applied }) => (applied ? queries.invalidateQueries({ queryKey: ['people'] }) : undefined),
  });
  const table = tableOf(draft);
  const bodyOf = (more: Pick<ImportBody, 'dryRun' | 'close'>): ImportBody => {
    const { complete, reason } = draft;
    return { table: table ?? '', complete, reason: reason.trim(), ...more };
  };
  const isReady = table !== null && draft.reason.trim().length >= 3 && !send.isPending;
  return (
    <>
      <Panel title="Table" padded>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            send.mutate(bodyOf({ dryRun: true }));
          }}
        >
          <ImportFields
            draft={draft}
            onChange={(change) => {
              // What was tried is what is taken: anything changed since is tried again.
              send.reset();
              setDraft((before) => ({ ...before, ...change }));
            }}
          />
          {send.isError && <ProblemNotice error={send.error} />}
          <div className={styles.actions}>
            <Button type="submit" icon={FileSearch} busy={send.isPending && send.variables.dryRun} disabled={!isReady}>
              Try it
            </Button>
          </div>
        </form>
      </Panel>
      {send.data !== undefined && (
        <ImportReportPanel report={send.data}>
          {!send.data.applied && (
            <TakeImport report={send.data} busy={send.isPending} onTake={(close) => send.mutate(bodyOf({ dryRun: false, close }))} />
          )}
        </ImportReportPanel>
      )}
    </>
  );
}
