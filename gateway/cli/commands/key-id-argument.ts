/** The command that takes the id of a key. */
export const RETIRE_KEY = 'retire-key';

/** A SHA-256 thumbprint in base64url that begins with a dash, as every 64th does. */
const DASHED_KEY_ID = /^-[\w-]{42}$/;

/** The id of a key would be taken for an option: it goes behind all of them, where the user has not put it there already. */
export function keyIdsLast(args: readonly string[]): readonly string[] {
  if (!args.includes(RETIRE_KEY) || args.includes('--')) return args;
  const isKeyId = (arg: string, index: number): boolean => DASHED_KEY_ID.test(arg) && args[index - 1] !== '--reason';
  const keyIds = args.filter(isKeyId);
  return keyIds.length === 0 ? args : [...args.filter((arg, index) => !isKeyId(arg, index)), '--', ...keyIds];
}
