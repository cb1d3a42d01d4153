import './app/without-eval.ts';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { router } from './app/router.tsx';
import { toApiError } from './shared/api/api-error.ts';
import { meQuery, sessionQuery } from './shared/api/queries.ts';
import './shared/styles/tokens.css';
import './shared/styles/base.css';

const RETRIES_MAX = 1;

const queries = new QueryClient({
  queryCache: new QueryCache({
    // The session ended elsewhere: ask who is signed in, and the page turns into the sign-in page.
    onError: (error) => {
      if (toApiError(error).status !== 401) return;
      void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
      void queries.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  }),
  defaultOptions: {
    queries: {
      // Only what may pass by itself is tried again: an unreachable or failing gateway, not a refusal.
      retry: (failures, error) => {
        const { status } = toApiError(error);
        return failures < RETRIES_MAX && (status === 0 || status >= 500);
      },
      retryDelay: 800,
      staleTime: 5_000,
      refetchOnWindowFocus: true,
    },
  },
});

const container = document.getElementById('root');
if (container === null) throw new TypeError('index.html has no #root');
createRoot(container).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
