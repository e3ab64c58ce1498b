import { CATALOGUE } from '../oci/models/catalogue.ts'
import type { ListedModel } from '../oci/models/list.ts'

const DEFAULT_PORT = '8050'

/** How clients reach a gateway that listens. */
export interface Reachable {
  /** The base URL without `/v1`. */
  address: string
  /** Whether clients need no API key. */
  isOpen: boolean
  /** A model for the example. */
  model: string
}

/** The lines that a newcomer pastes: a first request, and how to connect a client. */
export function invitation({ address, isOpen, model }: Reachable): string {
  const body = { model, messages: [{ role: 'user', content: 'Hello! What are you?' }] }
  const key = isOpen ? '' : ` -H 'authorization: Bearer YOUR_KEY'`
  return `
Try it:

  curl ${address}/v1/chat/completions -H 'content-type: application/json'${key} \\
    -d '${JSON.stringify(body)}'

Connect a client, here Codex (oci-gateway connect lists all):

  npx oci-genai-gateway connect codex --write${portFlag(address)}
`
}

/** `connect` finds a gateway at the default port. */
function portFlag(address: string): string {
  const { port } = new URL(address)
  return port === DEFAULT_PORT ? '' : ` --port ${port || '80'}`
}

/** The name of a chat model of a list, for examples. */
export function firstChatModel(models: readonly ListedModel[]): string {
  const candidates = models.map(({ id, aliasOf, tasks, profile }) => ({
    ...{ id, isAlias: aliasOf !== undefined },
    ...{ chats: tasks.includes('chat'), tools: profile.tools },
  }))
  return exampleModel(candidates) ?? 'MODEL'
}

/** A model that may serve as an example. */
export interface ExampleCandidate {
  id: string
  isAlias: boolean
  chats: boolean
  tools: boolean
}

/** Models that every tenancy may use, best examples first. */
const EXAMPLES = ['xai.grok-4.3', 'openai.gpt-oss-120b', ...CATALOGUE]

/**
 * The id of the chat model that a newcomer tries first: one that every tenancy may use if possible.
 * The models of built-in aliases have limited access. A model with tools serves every client.
 */
export function exampleModel(candidates: readonly ExampleCandidate[]): string | undefined {
  const chat = candidates.filter(({ chats }) => chats)
  const models = chat.filter(({ isAlias, tools }) => !isAlias && tools)
  const known = EXAMPLES.find((example) => models.some(({ id }) => id === example))
  return known ?? models[0]?.id ?? chat.find(({ isAlias }) => !isAlias)?.id ?? chat[0]?.id
}
