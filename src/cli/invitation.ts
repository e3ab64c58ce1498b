import type { ListedModel } from '../oci/models/list.ts'

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

  npx oci-genai-gateway connect codex --write
`
}

/** The name of the first chat model of a list, for examples. */
export function firstChatModel(models: readonly ListedModel[]): string {
  const chat = models.filter(({ tasks }) => tasks.includes('chat'))
  // A model with tools serves every client.
  return (chat.find(({ profile }) => profile.tools) ?? chat[0])?.id ?? 'MODEL'
}
