/**
 * Deno's `fetch`, which by itself sends a request again when the connection closes before an answer,
 * also one that OCI may be working at already: it does so for bytes and texts alone, not for a
 * `Blob` (measured).
 */
export function fetchOnce(url: string, init: RequestInit): Promise<Response> {
  const { body } = init
  return fetch(url, ArrayBuffer.isView(body) ? { ...init, body: new Blob([body]) } : init)
}
