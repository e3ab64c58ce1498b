import { createSimulator as createOci } from '../simulator/app.ts'
import { createDemoIdentity, environmentOf } from '../simulator/identity.ts'

/** A request that the gateway sent to OCI. */
export interface SimulatedRequest {
  method: string
  /** Path and query. */
  path: string
  headers: Headers
  /** The parsed body; `undefined` if it is not JSON. */
  json: unknown
}

/** The options of `createSimulator`; none is required. */
export interface SimulatorOptions {
  /** Milliseconds between the events of a stream. Default: 0. */
  eventDelay?: number
  /** Whether OCI stores responses of the Responses API. Default: true. */
  storeResponses?: boolean
  /** Called with every request before it is checked. */
  onRequest?: (request: SimulatedRequest) => void
  /** The clock, in milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number
}

/** OCI Generative AI without an account, a network or a model. */
export interface Simulator {
  /**
   * Answers as OCI. It takes the arguments of the global `fetch`, and is a handler for an HTTP server
   * too, which passes a `Request`.
   */
  fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /**
   * The variables of a gateway with a credential that this simulator accepts. For a simulator on a
   * port, add `OCI_GENAI_ENDPOINT` and `OCI_GENAI_CONTROL_ENDPOINT` with its address.
   */
  env: Record<string, string>
}

/**
 * Creates a simulator of OCI Generative AI. It verifies signatures, validates requests as strictly as
 * OCI, and answers with text about the request. Directives in the last user message select faults:
 * `[[sim:status=429]]`.
 *
 * ```ts
 * const simulator = await createSimulator()
 * const gateway = await createGateway({ env: simulator.env, fetch: simulator.fetch })
 * ```
 */
export async function createSimulator(
  { eventDelay = 0, ...options }: SimulatorOptions = {},
): Promise<Simulator> {
  const identity = await createDemoIdentity()
  const oci = createOci({ publicKeys: identity.publicKeys, eventDelay, ...options })
  return {
    // An HTTP server passes its own bindings as the second argument.
    fetch: (input, init) => oci.fetch(input instanceof Request ? input : new Request(input, init)),
    env: environmentOf(identity),
  }
}
