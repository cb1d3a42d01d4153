import type { CredentialId } from '../site/ids.ts';
import type { Passkey } from './person.ts';

/** Those in use that were added with the passkey `id`, or with one that was: whoever had it may have made them for themselves. */
export function addedWith(passkeys: readonly Passkey[], id: CredentialId): readonly Passkey[] {
  const chain = new Set<CredentialId>([id]);
  for (let before = 0; before < chain.size;) {
    before = chain.size;
    for (const passkey of passkeys) if (passkey.addedWith !== null && chain.has(passkey.addedWith)) chain.add(passkey.id);
  }
  return passkeys.filter((passkey) => passkey.id !== id && passkey.status === 'active' && chain.has(passkey.id));
}
