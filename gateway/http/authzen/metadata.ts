/** Where everything is: the defaults of the specification. */
export const AUTHZEN_PATHS = {
  metadata: '/.well-known/authzen-configuration',
  evaluation: '/access/v1/evaluation',
  evaluations: '/access/v1/evaluations',
  subject: '/access/v1/search/subject',
  resource: '/access/v1/search/resource',
  action: '/access/v1/search/action',
} as const;

/** AuthZEN 1.0 section 9: what an enforcement point needs to know, and nothing that is empty. */
export function createMetadata(publicUrl: string) {
  return {
    policy_decision_point: publicUrl,
    access_evaluation_endpoint: `${publicUrl}${AUTHZEN_PATHS.evaluation}`,
    access_evaluations_endpoint: `${publicUrl}${AUTHZEN_PATHS.evaluations}`,
    search_subject_endpoint: `${publicUrl}${AUTHZEN_PATHS.subject}`,
    search_resource_endpoint: `${publicUrl}${AUTHZEN_PATHS.resource}`,
    search_action_endpoint: `${publicUrl}${AUTHZEN_PATHS.action}`,
  };
}
