import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fingerprint } from 'lucide-react';
import { assertionOptionsSchema, consoleSessionSchema } from '#gateway/http/contract/sign-in.ts';
import { postJson } from '../../shared/api/client.ts';
import { signWithPasskey } from '../../shared/api/passkey.ts';
import { sessionQuery } from '../../shared/api/queries.ts';
import { Button } from '../../shared/ui/button.tsx';
import { DoorFrame } from '../../shared/ui/door-frame.tsx';
import { ProblemNotice } from '../../shared/ui/states.tsx';

/** Stands in for any console page while nobody is signed in, so that the address leads on afterwards. */
export function ConsoleSignIn({ demo }: { demo: boolean }) {
  const queries = useQueryClient();
  const signIn = useMutation({
    mutationFn: async () => {
      const { ceremonyId, options } = await postJson('/api/session/options', {}, assertionOptionsSchema);
      const response = await signWithPasskey(options);
      return postJson('/api/session', { ceremonyId, response }, consoleSessionSchema);
    },
    onSuccess: (session) => {
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
      queries.setQueryData(sessionQuery.queryKey, session);
    },
  });
  return (
    <DoorFrame title="Sign in to the console" lead="Your passkey is all it takes. There is no password.">
      {signIn.isError && <ProblemNotice error={signIn.error} />}
      <Button look="primary" size="large" width="wide" icon={Fingerprint} busy={signIn.isPending} onClick={() => signIn.mutate()} autoFocus>
        Continue with passkey
      </Button>
      <p>
        No passkey yet? An operator hands out an enrolment link; the first one is printed when the gateway starts.
        {demo && (
          <>
            {' '}
            Or look at the <Link to="/demo">demo site</Link> first.
          </>
        )}
      </p>
    </DoorFrame>
  );
}
