import { basicModules } from '#test/support/oidc/oidc-basic-modules.ts';

basicModules('query');
