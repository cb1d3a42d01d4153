import type { SecretStore } from '#gateway/ports/secret-store.ts';

/** For tests: values live unencrypted in this process and die with it. */
export function createMemorySecretStore(): SecretStore {
  const secrets = new Map<string, Uint8Array>();

  return {
    read: async (name) => {
      const stored = secrets.get(name);
      return stored === undefined ? null : Uint8Array.from(stored);
    },
    write: async (name, value) => {
      secrets.set(name, Uint8Array.from(value));
    },
    readOrCreate: async (name, create) => {
      const stored = secrets.get(name) ?? Uint8Array.from(create());
      secrets.set(name, stored);
      return Uint8Array.from(stored);
    },
    names: async (prefix) => [...secrets.keys()].filter((name) => name.startsWith(prefix)).sort(),
  };
}
