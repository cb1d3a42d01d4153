import type { HttpServerDeps } from '#gateway/http/server.ts';

const unexpected = (): never => {
  throw new TypeError('this test has no life of a policy');
};

/** For gateways of tests that look at no revision. */
export const noPolicyLife: Pick<HttpServerDeps, 'policyLife' | 'explainDecision' | 'policyData' | 'policyDataFile' | 'dataImpact'> = {
  explainDecision: unexpected,
  policyDataFile: { schedules: {}, holidays: new Map() },
  dataImpact: { start: unexpected, job: unexpected, cancel: unexpected },
  policyData: {
    current: unexpected,
    seen: unexpected,
    plan: unexpected,
    change: unexpected,
    revert: unexpected,
    versions: unexpected,
    diff: unexpected,
    absorbImport: unexpected,
  },
  policyLife: {
    list: unexpected,
    detail: unexpected,
    activations: unexpected,
    format: unexpected,
    propose: unexpected,
    check: unexpected,
    test: unexpected,
    startImpact: unexpected,
    impactJob: unexpected,
    cancelImpact: unexpected,
    approve: unexpected,
    sign: unexpected,
    signInEmergency: unexpected,
    startShadow: unexpected,
    endShadow: unexpected,
    shadow: unexpected,
    resumeShadow: unexpected,
    settlePointer: unexpected,
    doorsRestarted: unexpected,
    activate: unexpected,
    rollBack: unexpected,
    rotateKey: unexpected,
  },
};
