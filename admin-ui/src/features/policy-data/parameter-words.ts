/** What the known parameters are called in a form; of a newer one the name itself is shown. */
export const parameterLabels: Readonly<Record<string, string>> = {
  sites: 'Sites on which the person must be',
  maxAgeS: 'Oldest that counts',
  confidence: 'Confidence in where the person is, at least',
  withinS: 'Second badge within',
  scoreBand: 'Likeness, at least',
  liveness: 'A living face has to be shown.',
  schedule: 'Schedule',
  allowedGroups: 'Groups that come in all the same',
  groups: 'Groups of contractors',
  endDateRequired: 'The end of the contract has to be on file.',
  managed: 'The device has to be managed.',
  compliant: 'The device has to meet the rules.',
  countries: 'Countries',
  unknownCountry: 'When the country is not known',
  elsewhereWhileInside: 'When the badge says inside, a login from elsewhere',
};
