/** How a gateway is configured that is attacked: by its defaults, as far as possible. */
export interface Setup {
  /** Members of the configuration file. */
  config: object
  variables?: Readonly<Record<string, string>>
  /** Which upstream it has: one in a thread of its own that takes load, or one that does as it is told. */
  upstream: 'load' | 'scripted'
}

/** All names of settings that the suite uses are on this page. */
export const SETUPS = {
  /** For requests of a size. */
  loaded: { config: {}, upstream: 'load' },
  /**
   * For everything that has to do with what OCI answers: with short waits between attempts, a model
   * that writes tool calls into its text, a fallback that reads text only, and stored responses.
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
  /** A Worker whose configuration was pasted with its quotes. */
  misconfigured: {
    config: {},
    variables: { GATEWAY_CONFIG: `"{'apiKeys':['canary-of-a-key']}"` },
    upstream: 'scripted',
  },
  /** Without keys, as on a developer's machine. */
  open: { config: {}, variables: { GATEWAY_API_KEYS: '' }, upstream: 'scripted' },
} satisfies Record<string, Setup>
export type SetupName = keyof typeof SETUPS

/** The keys of `startGateway()`, by the client that has them. */
export const KEYS = { first: 'test-key-1', second: 'another-key' } as const

/** The limit on concurrent requests that a gateway has by default. */
export const MAX_CONCURRENT_REQUESTS = 1_024
