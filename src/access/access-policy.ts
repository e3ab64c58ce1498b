/** Who may call the gateway, as `access` in the configuration. */
export interface AccessPolicy {
  /** Keys of which a client must send one; none are needed on loopback. */
  apiKeys: readonly string[]
  /** Host names beside those of this machine by which a gateway without keys may be called. */
  allowedHosts: readonly string[]
  /** Origins whose pages may call the gateway: `https://chat.example`. */
  allowedOrigins: readonly string[]
  /**
   * Proxies whose forwarding headers say where a request comes from: addresses, networks such as
   * `10.0.0.0/8`, or `cloudflare` on Workers.
   */
  trustedProxies: readonly string[]
}

export const DEFAULT_ACCESS_POLICY: AccessPolicy = {
  apiKeys: [],
  allowedHosts: [],
  allowedOrigins: [],
  trustedProxies: [],
}
