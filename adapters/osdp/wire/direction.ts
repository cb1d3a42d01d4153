/** Who speaks: the ACU commands, the PD replies. */
export type Direction = 'command' | 'reply';
