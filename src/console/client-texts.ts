import type { Activity, Model } from './data.ts'

/** What a client needs, with placeholders. `tools/build/console.ts` renders it as `connect` does. */
export interface ClientText {
  name: string
  title: string
  api: 'chat' | 'responses' | 'messages'
  /** The source of a regular expression for the product in the `user-agent`; empty if not known. */
  agent: string
  /** A command that sends a first request. */
  tryIt: string
  /** Whether `connect NAME --write` writes the client's files. */
  hasFiles: boolean
  parts: readonly { heading: string; text: string }[]
}

/** The texts that stand for the values of a connection. Numbers stand for numbers. */
export const PLACEHOLDERS = {
  url: 'https://console-placeholder.invalid',
  key: 'console-placeholder-key',
  model: 'console-placeholder-model',
  contextWindow: 987_654_321,
  maxOutputTokens: 123_454_321,
} as const

/** The values of a connection. */
export interface ConnectionValues {
  /** The base URL without `/v1`. */
  url: string
  key: string
  model: Pick<Model, 'id' | 'context_length' | 'max_output_tokens'>
}

/** Sizes of a model of which the gateway knows none, as `connect` assumes them. */
const DEFAULT_SIZES = { contextWindow: 128_000, maxOutputTokens: 4_096 }

/** Fills a connection into a text. */
export function fillIn(text: string, { url, key, model }: ConnectionValues): string {
  const { contextWindow, maxOutputTokens } = DEFAULT_SIZES
  const values: readonly (readonly [placeholder: string | number, value: string | number])[] = [
    [PLACEHOLDERS.url, url],
    [PLACEHOLDERS.key, key],
    [PLACEHOLDERS.model, model.id],
    [PLACEHOLDERS.contextWindow, model.context_length ?? contextWindow],
    [PLACEHOLDERS.maxOutputTokens, model.max_output_tokens ?? maxOutputTokens],
  ]
  return values.reduce(
    (filled, [placeholder, value]) => filled.split(String(placeholder)).join(String(value)),
    text,
  )
}

const ENDPOINTS: Readonly<Record<ClientText['api'], string>> = {
  chat: 'chat/completions',
  responses: 'responses',
  messages: 'messages',
}

/**
 * The successful requests that may be those of a client: to its endpoint, of its product or, where
 * that is not known, of a product that no other client has. The console itself is a browser.
 */
export function activityOf(
  { api, agent, name }: ClientText,
  activities: readonly Activity[],
  clients: readonly ClientText[],
): Activity | undefined {
  const claimed = clients.filter((client) => client.agent !== '' && client.name !== name)
  const isOwn = (product: string) =>
    agent === ''
      ? product !== 'Mozilla' && !claimed.some((client) => new RegExp(client.agent).test(product))
      : new RegExp(agent).test(product)
  return activities.find((activity) =>
    activity.endpoint === ENDPOINTS[api] && activity.succeeded > 0 && isOwn(activity.agent)
  )
}
