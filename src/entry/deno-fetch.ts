/**
 * `fetch` for Deno that sends a request only once. Deno repeats a request when the connection closes
 * before the response, although OCI may already process it, but not if the body is a `Blob`
 * (measured).
 */
export function fetchOnce(url: string, init: RequestInit): Promise<Response> {
  const { body } = init
  return fetch(url, ArrayBuffer.isView(body) ? { ...init, body: new Blob([body]) } : init)
}
