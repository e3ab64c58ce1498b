import type { Environment } from '../../platform.ts'

/** The clients whose configuration can be checked. */
export const CLIENT_NAMES = ['openclaw', 'codex', 'claude-code', 'opencode'] as const

export type ClientName = typeof CLIENT_NAMES[number]

/** What a client is configured to call. */
export interface ClientSettings {
  /** The base URL and the line that changes it. */
  baseUrl: string
  changeUrl(url: string): string
  /** Whether the client expects `/v1` at the end of its base URL. */
  endsWithV1: boolean
  /** Why the client's API does not fit to the provider; `undefined` if it does. */
  changeApi: string | undefined
  /** The API key that it sends; `undefined` for none. */
  apiKey: string | undefined
  /** Why it sends none, for messages. */
  keyState: string
  /** The line that sets the key. */
  changeKey: string
  /** The model that it asks for by default, as the gateway receives it. */
  model: string | undefined
  changeModel(model: string): string
}

/** What the configuration of a client says, or what it lacks. */
export type ClientReading =
  | { type: 'read'; settings: ClientSettings }
  | { type: 'missing'; problem: string }

/** How to find and read the configuration of one client. */
export interface ClientReader {
  /** Whether variables alone configure it, without a file. */
  needsFile: boolean
  /** Parses the text. Throws an error that names the line. */
  parse(text: string): Promise<unknown>
  read(file: unknown, context: ClientContext): ClientReading
}

export interface ClientContext {
  env: Environment
  /** The address of the gateway without `/v1`, to recognize the provider. */
  address: string
}

/** Whether a URL is at the address of the gateway, or at least on this machine. */
export function isSameAddress(url: string, address: string): boolean {
  if (!URL.canParse(url)) return false
  const [one, other] = [new URL(url), new URL(address)]
  const name = ({ hostname }: URL) => hostname === 'localhost' ? '127.0.0.1' : hostname
  return name(one) === name(other) && one.port === other.port
}

/** A value as a line of JSON: `"apiKey": "…"`. */
export function jsonLine(key: string, value: string): string {
  return `${JSON.stringify(key)}: ${JSON.stringify(value)}`
}
