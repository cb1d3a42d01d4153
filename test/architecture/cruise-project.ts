import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { IMPORT_RULES } from './import-rules.ts';

export interface CruiseReport {
  /** Source files looked at, relative to the root. */
  readonly sources: readonly string[];
  /** `rule: from -> to`, one a violation. */
  readonly violations: readonly string[];
  /** Names of the rules that were violated. */
  readonly rules: ReadonlySet<string>;
}

/** Follows every import below `folders`: aliases, relative, type-only and dynamic. */
export async function cruiseProject(root: string, folders: readonly string[]): Promise<CruiseReport> {
  const { output } = await cruise([...folders], {
    baseDir: root,
    ruleSet: { forbidden: [...IMPORT_RULES] },
    validate: true,
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^admin-ui/dist/', '\\.css$'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.d.ts'],
    },
  });
  if (typeof output === 'string') throw new TypeError('the cruiser answered text where its result was asked for');
  return toReport(output);
}

function toReport(result: ICruiseResult): CruiseReport {
  const { violations } = result.summary;
  return {
    sources: result.modules.map((module) => module.source).filter((source) => /^(?!node_modules\/).*\.(ts|tsx|js)$/.test(source)),
    violations: violations.map((violation) => `${violation.rule.name}: ${violation.from} -> ${violation.to}`),
    rules: new Set(violations.map((violation) => violation.rule.name)),
  };
}
