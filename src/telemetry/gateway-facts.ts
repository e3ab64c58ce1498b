/** The state of a circuit: the calls of the last minute to one model in one region. */
export interface CircuitStatus {
  region: string
  /** OCI's name or OCID; empty for calls without a model. */
  model: string
  state: 'closed' | 'open' | 'half-open'
  /** Milliseconds until an open circuit admits a call that tests the region. */
  openFor: number
  /** Whether OCI's `Retry-After` opened it. */
  rateLimited: boolean
  succeeded: number
  failed: number
}

/** What a running gateway knows about itself, for the console. It has no secret. */
export interface GatewayFacts {
  credential: {
    /** As `OCI_AUTH` names it: `api_key`, `instance_principal`, … */
    kind: string
    /** For people: `profile "DEFAULT" of "/home/me/.oci/config"`. */
    source: string
    /** When its token expires, in milliseconds since the epoch; `undefined` without a token. */
    expiresAt(): number | undefined
  }
  /** In the order in which they are tried. */
  regions: readonly string[]
  /** Milliseconds that are added to the machine's clock for signatures. */
  clockOffset(): number
  circuits(): readonly CircuitStatus[]
}
