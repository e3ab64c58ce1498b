/** The configuration of an attacked gateway: the defaults, as far as possible. */
export interface Setup {
  /** Members of the configuration file. */
  config: object
  variables?: Readonly<Record<string, string>>
  /** The upstream: one in a separate thread for load, or one that follows a script. */
  upstream: 'load' | 'scripted'
}

/** The settings by name. */
export const SETUPS = {
  /** For requests of a size. */
  loaded: { config: {}, upstream: 'load' },
  /**
   * For rows with scripted answers of OCI: short delays between attempts, a model that writes tool
   * calls as text, a text-only fallback, and stored responses.
   */
  scripted: {
    config: {
      retry: { initialDelaySeconds: 0.01 },
      models: { 'meta.imported': { parseToolCallsFromText: true } },
      fallbacks: { 'meta.attack-seeing': ['meta.llama-3.3-70b-instruct'] },
      responses: { store: {} },
    },
    upstream: 'scripted',
  },
  /** A Worker whose configuration contains surrounding quotes. */
  misconfigured: {
    config: {},
    variables: { GATEWAY_CONFIG: `"{'apiKeys':['canary-of-a-key']}"` },
    upstream: 'scripted',
  },
  /** Without API keys, as on a developer's machine. */
  open: { config: {}, variables: { GATEWAY_API_KEYS: '' }, upstream: 'scripted' },
} satisfies Record<string, Setup>
export type SetupName = keyof typeof SETUPS

/** The API keys of `startGateway()`, by client. */
export const KEYS = { first: 'test-key-1', second: 'another-key' } as const

/** The default limit on concurrent requests. */
export const MAX_CONCURRENT_REQUESTS = 1_024
