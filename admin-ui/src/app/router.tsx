import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { consoleTree } from './console-tree.ts';
import { Crash } from './crash.tsx';
import { peoplesTree } from './people-tree.ts';
import { root } from './root-route.ts';

const demo = createRoute({
  getParentRoute: () => root,
  path: '/demo',
  component: lazyRouteComponent(() => import('../features/demo/demo-page.tsx'), 'DemoPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([peoplesTree, demo, consoleTree]),
  defaultErrorComponent: Crash,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
