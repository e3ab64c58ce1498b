/** Who may call the gateway: `access` in the configuration. */
export interface AccessPolicy {
  /** API keys; a client must send one of them. May be empty on loopback. */
  apiKeys: readonly string[]
  /** The key of the administration API; `undefined` if there is none. */
  adminKey?: string | undefined
  /** The key that may read metrics only; `undefined` if there is none. */
  metricsKey?: string | undefined
  /** Host names, besides loopback ones, under which a gateway without keys accepts requests. */
  allowedHosts: readonly string[]
  /** Origins of web pages that may call the gateway, such as `https://chat.example`. */
  allowedOrigins: readonly string[]
  /**
   * Proxies whose forwarding headers are trusted: addresses, networks such as `10.0.0.0/8`, or
   * `cloudflare` on Workers.
   */
  trustedProxies: readonly string[]
}

export const DEFAULT_ACCESS_POLICY: AccessPolicy = {
  apiKeys: [],
  allowedHosts: [],
  allowedOrigins: [],
  trustedProxies: [],
}

/** How budgets work: `budgets` in the configuration. */
export interface BudgetPolicy {
  /** Time zone of the calendar windows, such as `UTC`. */
  timeZone: string
  /** While the store does not answer; `undefined`: closed for keys with a budget, open for others. */
  whenDown: 'failClosed' | 'failOpen' | undefined
  /** Whether answers without an output limit get one that most answers of the model fit. */
  usesLearnedLimit?: boolean | undefined
}
