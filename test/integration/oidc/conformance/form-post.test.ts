import { basicModules } from '#test/support/oidc/basic-modules.ts';

basicModules('form_post');
