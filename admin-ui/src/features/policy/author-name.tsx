import { PersonName } from '../../shared/ui/name.tsx';
import { SHIPPED_AUTHOR_ID } from '#gateway/http/contract/policy.ts';

export function AuthorName({ id }: { id: string }) {
  return id === SHIPPED_AUTHOR_ID ? <span>the program</span> : <PersonName id={id} />;
}
