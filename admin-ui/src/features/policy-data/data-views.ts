/** The pages of the policy's data: its parts, and what was. */
export const DATA_VIEWS = ['grants', 'profiles', 'schedules', 'holidays', 'areas', 'exceptions', 'history'] as const;
export type DataViewName = (typeof DATA_VIEWS)[number];
