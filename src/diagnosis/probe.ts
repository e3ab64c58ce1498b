import { codeOf, type Machine } from './machine.ts'

/** The answer to a call without a signature, or why there is none. */
export type Probe =
  | {
    type: 'answered'
    status: number
    /** Whether it is a web page or a redirect to one, which OCI's services do not send. */
    isPage: boolean
    /** By how many milliseconds the server's clock is ahead; `undefined` if it has sent no date. */
    offset: number | undefined
  }
  | { type: 'failed'; code: string }

/** Milliseconds until an answer. */
const TIMEOUT = 10_000

/** Calls an address without a signature. Any answer shows that the network works. */
export async function probe(url: URL, machine: Machine): Promise<Probe> {
  const signal = AbortSignal.any([machine.signal, AbortSignal.timeout(TIMEOUT)])
  const sentAt = machine.now()
  try {
    const response = await machine.fetch(`${url.origin}/`, {
      method: 'GET',
      headers: { accept: 'application/json', 'user-agent': 'oci-genai-gateway' },
      redirect: 'manual',
      signal,
    })
    void response.body?.cancel().catch(() => {})
    const { status, headers } = response
    const date = Date.parse(headers.get('date') ?? '')
    // The date has whole seconds and is from the middle of the call.
    const local = (sentAt + machine.now()) / 2
    return {
      type: 'answered',
      status,
      isPage: isPage(status, headers.get('content-type') ?? ''),
      offset: Number.isNaN(date) ? undefined : date + 500 - local,
    }
  } catch (error) {
    machine.signal.throwIfAborted()
    return { type: 'failed', code: failureCode(error) }
  }
}

/** Load balancers of OCI answer 502 and 504 with HTML. */
function isPage(status: number, type: string): boolean {
  if (status >= 300 && status < 400) return true
  return /html/i.test(type) && (status < 300 || status === 511)
}

/** Deno has no codes: parts of its messages, and the codes that Node and Bun have for the same. */
const TEXTS: readonly (readonly [text: RegExp, code: string])[] = [
  [
    /invalid peer certificate: (UnknownIssuer|CaUsedAsEndEntity)/,
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ],
  [/invalid peer certificate: certificate (expired|not valid yet)/, 'CERT_HAS_EXPIRED'],
  [/certificate not valid for name/i, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  [/dns error/, 'ENOTFOUND'],
  [/refused/i, 'ECONNREFUSED'],
  [/tunnel|proxy/i, 'ERR_PROXY_TUNNEL'],
  [/timed out|timeout/i, 'ETIMEDOUT'],
  [/reset|closed/i, 'ECONNRESET'],
]

/** The code of a failed `fetch`, the same on all runtimes where possible. */
export function failureCode(error: unknown): string {
  const code = codeOf(error)
  if (code !== undefined) return code
  const texts: string[] = []
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    texts.push(`${cause.name} ${cause.message}`)
  }
  return TEXTS.find(([text]) => text.test(texts.join(' ')))?.[1] ?? 'UNKNOWN'
}

/** Codes of certificates that no trusted authority has issued. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
])

/** What a code says about a connection. */
export function failureKind(
  code: string,
): 'untrusted' | 'expired' | 'other name' | 'dns' | 'proxy' | 'tcp' | 'unknown' {
  if (UNTRUSTED.has(code)) return 'untrusted'
  switch (code) {
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return 'expired'
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'other name'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'dns'
    case 'ERR_PROXY_TUNNEL':
      return 'proxy'
    case 'ECONNREFUSED':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return 'tcp'
  }
  return 'unknown'
}
