/** What is kept of a request while its response is read. */
interface SentRequest {
  /** Aborts the request. */
  controller: AbortController
  /** With the credential. */
  headers: Readonly<Record<string, string>>
}

const requests = new WeakMap<object, SentRequest>()

/** Records the request of a response. */
export function recordRequest(response: object, request: SentRequest): void {
  requests.set(response, request)
}

/** Closes the connection of a response, also while a method such as `text()` reads its body. */
export function closeResponse(response: object, reason: unknown): void {
  requests.get(response)?.controller.abort(reason)
}

/** The headers of the request of a response; empty for a response of another origin. */
export function sentHeaders(response: object): Readonly<Record<string, string>> {
  return requests.get(response)?.headers ?? {}
}
