import { type Endpoint, ENDPOINTS } from '../src/openai/endpoints.ts'
import { UNSERVED } from '../src/routes/unknown-path.ts'
import { documentedPath } from './openapi/documented-path.ts'
import { OPERATIONS } from './openapi/operations.ts'
import { withSection } from './generated-section.ts'

/** What happens with a signature of any kind, and with OCI's bearer key. */
interface Treatment {
  signed: string
  bearer: string
}

const CHAT: Treatment = {
  signed: "translated to the chat action of the model, or relayed to OCI's OpenAI endpoint",
  bearer: "relayed, or translated to another API of OCI's OpenAI endpoint",
}
const STORED: Treatment = {
  signed: "the gateway's own response from its store; others signed and passed on",
  bearer: 'the same, passed on with the key',
}
const LOCAL: Treatment = { signed: 'answered by the gateway', bearer: 'answered by the gateway' }

/** The endpoints that are not passed on, by their paths without `/v1` and `/v2`. */
const TREATMENTS: ReadonlyMap<string, Treatment> = new Map([
  ['/chat/completions', CHAT],
  ['/completions', CHAT],
  ['/responses', CHAT],
  ['/responses/compact', CHAT],
  ['/responses/input_tokens', LOCAL],
  ['/responses/{id}', STORED],
  ['/responses/{id}/input_items', STORED],
  ['/embeddings', {
    signed: 'translated to the action embedText, or relayed',
    bearer: "relayed to OCI's OpenAI endpoint",
  }],
  ['/moderations', {
    signed: 'translated to the action applyGuardrails',
    bearer: 'rejected with 400, unless `probe` has found that OCI accepts the key there',
  }],
  ['/models', {
    signed: "OCI's list of models and the aliases",
    bearer: 'the models that the gateway knows',
  }],
  ['/models/{id}', { signed: 'the same list', bearer: 'the same list' }],
  ['/messages', {
    signed: 'translated to the chat action of the model',
    bearer: "translated to an API of OCI's OpenAI endpoint",
  }],
  ['/messages/count_tokens', LOCAL],
  ['/rerank', {
    signed: 'translated to the action rerankText',
    bearer: 'rejected with 400, unless `probe` has found that OCI accepts the key there',
  }],
])

/** Replaces the tables of endpoints in a page. */
export function withEndpoints(page: string): string {
  const own = withSection(
    page,
    'own',
    table(
      ['path', 'API', 'with a signature', 'with a bearer key'],
      OPERATIONS.filter(({ tag }) => tag === 'OpenAI' || tag === 'Anthropic' || tag === 'Cohere')
        .filter(({ method, path }) => !isPassed(method, path))
        .map(({ method, path, tag }) => {
          const { signed, bearer } = treatmentOf(path)
          return [`\`${method.toUpperCase()} ${path}\``, tag, signed, bearer]
        }),
    ),
  )
  const passed = withSection(
    own,
    'passed',
    table(
      ['path', "OCI's host", 'body', 'project', 'object'],
      ENDPOINTS.map((endpoint) => [
        `\`${endpoint.method} /v1${documentedPath(endpoint.path)}\``,
        endpoint.host === 'control' ? 'control plane' : 'inference',
        BODIES[endpoint.body],
        endpoint.needsProject ? 'required' : '',
        ownershipOf(endpoint),
      ]),
    ),
  )
  const rows = [...UNSERVED].map(([path, name]) => [`\`/v1/${path}\``, `OCI has no ${name}`])
  return withSection(passed, 'unserved', table(['path', 'error'], rows))
}

const BODIES: Readonly<Record<Endpoint['body'], string>> = {
  none: '',
  json: 'JSON',
  form: 'form',
  fields: 'form or JSON',
}

function ownershipOf({ effect, path, hasModel }: Endpoint): string {
  if (hasModel) return "none; the model's name is mapped"
  switch (effect) {
    case 'create':
      return 'belongs to the key or its team'
    case 'list':
      return 'lists own objects'
    case 'delete':
    case 'use':
      return path.includes(':id') ? 'only of the owner' : ''
  }
}

function isPassed(method: string, path: string): boolean {
  return ENDPOINTS.some((endpoint) =>
    endpoint.method.toLowerCase() === method && `/v1${documentedPath(endpoint.path)}` === path
  )
}

function treatmentOf(path: string): Treatment {
  const found = TREATMENTS.get(path.replace(/^\/v[12]/, ''))
  if (!found) throw new Error(`No description of ${path}: add it to tools/endpoints.ts`)
  return found
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  return `${lines.join('\n')}\n`
}
