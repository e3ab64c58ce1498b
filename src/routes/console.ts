import { Hono } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'

/** The generated page and the hashes of its only script and style sheet. */
type ConsolePage = typeof import('../console/page.generated.ts')

/**
 * `GET /` for a browser: the console. The page has no secret, so it needs no key; its data do. It is
 * loaded with the first request for it.
 */
export function consolePage(): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>().get('/', async (c, next) => {
    if (!acceptsHtml(c.req.header('accept'))) return await next()
    const page = await import('../console/page.generated.ts')
    const compressed = Uint8Array.from(atob(page.GZIP), (byte) => byte.charCodeAt(0))
    const isCompressed = acceptsGzip(c.req.header('accept-encoding'))
    return new Response(isCompressed ? compressed : await decompress(compressed), {
      headers: { ...headersOf(page), ...(isCompressed && { 'content-encoding': 'gzip' }) },
      // Workers would compress the bytes once more.
      encodeBody: 'manual',
    } as ResponseInit)
  })
}

function acceptsHtml(accept = ''): boolean {
  return accept.toLowerCase().includes('text/html')
}

function acceptsGzip(encodings = ''): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:\s|,|$))/i.test(encodings)
}

/** The page may run its own script only, and may connect to its own origin only. */
function headersOf({ SCRIPT_HASH, STYLE_HASH }: ConsolePage): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `script-src '${SCRIPT_HASH}'`,
    `style-src '${STYLE_HASH}'`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types dompurify',
  ]
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'cache-control': 'no-cache',
    'vary': 'accept, accept-encoding',
  }
}

async function decompress(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return await new Response(stream).arrayBuffer()
}
