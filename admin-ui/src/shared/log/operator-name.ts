/** Whoever opens the gateway's control socket acts under this id: it belongs to no person. */
export const HOST_OPERATOR_ID = 'local';
export const HOST_OPERATOR_NAME = 'The host’s owner';

/** The name to show for an operator: the id alone would tell a reader nothing. */
export function operatorName(id: string, name: string): string {
  return id === HOST_OPERATOR_ID ? HOST_OPERATOR_NAME : name;
}
