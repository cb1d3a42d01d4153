export const DATA_REASON_HINT = 'It is kept with the version and recorded with the decision, so do not put secrets here.';
