import type { Platform } from '../../platform.ts'
import { withTimeout } from '../../timeout.ts'
import type { Delivery } from './batch-exporter.ts'

/** A receiver of OTLP over HTTP. */
export interface OtlpTarget {
  /** The whole URL, such as `https://collector:4318/v1/traces`. */
  url: string
  headers: Readonly<Record<string, string>>
}

/** Milliseconds for one delivery. */
const TIMEOUT = 10_000

/** Statuses after which the same batch may be sent again (OTLP specification, "Retryable responses"). */
const RETRYABLE = new Set([429, 502, 503, 504])

/** Posts one request of OTLP in JSON. Never rejects. */
export async function postOtlp(
  body: string,
  { url, headers }: OtlpTarget,
  fetch: Platform['fetch'],
): Promise<Delivery> {
  const controller = new AbortController()
  try {
    const init: RequestInit = {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/json',
        'user-agent': 'oci-genai-gateway',
      },
      body: new TextEncoder().encode(body),
      redirect: 'manual',
      signal: controller.signal,
    }
    const sending = fetch(url, init)
    const response = await withTimeout(TIMEOUT, sending)
    if (response === undefined) return 'retry'
    // An unread body would keep its connection.
    await response.body?.cancel().catch(() => {})
    if (response.ok) return 'delivered'
    return RETRYABLE.has(response.status) ? 'retry' : 'rejected'
  } catch {
    return 'retry'
  } finally {
    controller.abort()
  }
}
