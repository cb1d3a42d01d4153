import { escapeHtml } from '../../oidc/pages/pages.ts';
import { CALLERS_IN_WORDS } from './callers-of-operations.ts';
import type { OpenapiDocument, OpenapiOperation } from './create-openapi.ts';
import { quickStarts, renderQuickStart } from './quick-starts.ts';

/** Where the files of the page are. */
export const DOCS_FILES_PATH = '/docs-files';

interface Listed {
  readonly method: string;
  readonly path: string;
  readonly operation: OpenapiOperation;
}

const listed = (document: OpenapiDocument): readonly Listed[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: unknown }>>;
  readonly description?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
}

function renderContent(name: string, { content = {} }: Content): string {
  return Object.entries(content)
    .map(([type, { schema }]) => {
      const text = escapeHtml(JSON.stringify(schema, null, 2));
      return `<h4>${escapeHtml(name)} <span class="type">${escapeHtml(type)}</span></h4>
<pre tabindex="0" aria-label="${escapeHtml(name)}"><code>${text}</code></pre>`;
    })
    .join('');
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}

function renderParameters(operation: OpenapiOperation): string {
  const parameters = (operation.parameters ?? []) as unknown as readonly Parameter[];
  if (parameters.length === 0) return '';
  const items = parameters.map(
    ({ in: where, name, required }) => `<li><code>${escapeHtml(name)}</code> in ${where}${required === true ? '' : ', optional'}</li>`,
  );
  return `<h4>Parameters</h4><ul>${items.join('')}</ul>`;
}

/** What each status says, and in which headers. A schema of its own follows below. */
function renderStatuses(answers: readonly (readonly [string, Content])[]): string {
  const items = answers.map(([status, { description = '', headers = {} }]) => {
    const names = Object.keys(headers).map((name) => `<code>${escapeHtml(name)}</code>`);
    return `<li><code>${status}</code> ${escapeHtml(description)}${names.length === 0 ? '' : ` (${names.join(', ')})`}</li>`;
  });
  return items.length === 0 ? '' : `<h4>Answers</h4><ul>${items.join('')}</ul>`;
}

function renderOperation({ method, operation, path }: Listed): string {
  const [security] = operation.security ?? [];
  const who = security === undefined ? 'Nobody has to be signed in.' : (CALLERS_IN_WORDS[Object.keys(security)[0] ?? ''] ?? '');
  const answers = Object.entries(operation.responses as Readonly<Record<string, Content>>).filter(([status]) => status !== 'default');
  const body = operation.requestBody === undefined ? '' : renderContent('Request', operation.requestBody);
  return `<details class="operation" id="${escapeHtml(operation.operationId)}">
<summary><span class="method method-${method.toLowerCase()}">${method}</span> <code>${escapeHtml(path)}</code> <span class="summary">${escapeHtml(operation.summary)}</span></summary>
<div class="inside"><p>${escapeHtml([who, operation.description ?? ''].join(' ').trim())}</p>${renderParameters(operation)}${body}${renderStatuses(answers)}${answers
    .map(([status, answer]) => renderContent(`Answer ${status}`, answer))
    .join('')}</div>
</details>`;
}

/** The whole page as text: it holds nothing of anybody, and needs no script but the one that finds. */
export function renderDocs(document: OpenapiDocument, publicUrl: string): string {
  const all = listed(document);
  const starts = quickStarts(publicUrl);
  const groups = document.tags.map(({ name }) => ({ name, inside: all.filter(({ operation }) => operation.tags[0] === name) }));
  const links = [...starts.map(({ id, title }) => [id, title]), ...groups.map(({ name }) => [slug(name), name])];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>For app teams · Gatehouse</title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<link rel="stylesheet" href="/oidc-pages/plain-pages.css">
<link rel="stylesheet" href="${DOCS_FILES_PATH}/docs.css">
<script src="${DOCS_FILES_PATH}/find.js" defer></script>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header><h1>For app teams</h1>
<p>Everything that this gateway answers, and how to begin. The same for programs: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1),
<a href="/oidc/.well-known/openid-configuration">OpenID Connect discovery</a>.</p></header>
<nav aria-label="Content"><ul>${links.map(([id = '', title = '']) => `<li><a href="#${id}">${escapeHtml(title)}</a></li>`).join('')}</ul></nav>
<main id="main">
<h2>How to begin</h2>
${starts.map(renderQuickStart).join('\n')}
<h2>Every address</h2>
<p class="find"><label for="find">Find</label> <input id="find" type="search" autocomplete="off"> <span id="found" role="status"></span></p>
${groups
  .map(
    ({ inside, name }) =>
      `<section class="group" id="${slug(name)}"><h3>${escapeHtml(name)}</h3>${inside.map(renderOperation).join('\n')}</section>`,
  )
  .join('\n')}
</main>
</body>
</html>
`;
}
