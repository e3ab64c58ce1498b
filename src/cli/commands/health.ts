import { localAddress } from '../../diagnosis/gateway-at.ts'
import { EXIT } from '../../entry/exit-codes.ts'
import type { Environment } from '../../platform.ts'
import { defineCommand } from '../command.ts'
import type { Host } from '../host.ts'
import { wholeNumber } from '../parse-arguments.ts'
import { usageError } from '../usage-error.ts'

const DEFAULT_PORT = '8050'
const DEFAULT_TIMEOUT = 3

/** `oci-gateway health`: the health check of containers, without a configuration. */
export const health = defineCommand({
  options: {
    url: {
      ...{ type: 'string', value: 'URL' },
      description: 'Base URL of the gateway; default: this machine, at the port of PORT or 8050',
    },
    ready: {
      type: 'boolean',
      description: 'Ask /readyz (can it accept requests?) instead of /livez (does it answer?)',
    },
    timeout: {
      ...{ type: 'integer', value: 'SECONDS' },
      description: `Seconds to wait for the answer. Default: ${DEFAULT_TIMEOUT}`,
      rule: wholeNumber('a number of seconds', 1, 600),
    },
    json: { type: 'boolean', description: 'Print JSON' },
  },
  examples: [
    { line: 'health', does: 'whether the gateway on this machine answers' },
    { line: 'health --ready --json', does: 'whether it can accept requests, for scripts' },
    { line: 'health --url https://gateway.example.com', does: 'a gateway on another machine' },
  ],
  exitCodes: {
    [EXIT.success]: 'the gateway answers, and with --ready it accepts requests',
    [EXIT.failure]: 'no answer in time, or an answer that is not a success',
  },
  async run({ values: { url, ready, timeout = DEFAULT_TIMEOUT, json }, host }) {
    const address = `${baseUrl(url, host.env)}/${ready ? 'readyz' : 'livez'}`
    const answer = await ask(address, timeout, host)
    // The client disconnects and the command ends with the status of an interruption.
    host.signal.throwIfAborted()
    host.stdout.write(
      json ? `${JSON.stringify({ url: address, ...answer })}\n` : text(answer, address),
    )
    return answer.ok ? EXIT.success : EXIT.failure
  },
})

interface Answer {
  ok: boolean
  /** The HTTP status, or null without an answer. */
  status: number | null
  milliseconds: number
  /** Why it is not healthy. */
  cause?: string
}

/** The base URL without a final slash. A gateway listens on loopback, unless HOST names an address. */
function baseUrl(url: string | undefined, env: Environment): string {
  if (url !== undefined) return checkedUrl(url)
  const port = env['PORT'] || DEFAULT_PORT
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
    throw usageError('PORT must be a port from 1 to 65535')
  }
  return localAddress({ host: env['HOST'] || '127.0.0.1', port: Number(port) })
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) {
    throw usageError('--url must be an address such as http://127.0.0.1:8050')
  }
  return url.href.endsWith('/') ? url.href.slice(0, -1) : url.href
}

async function ask(url: string, seconds: number, { fetch, now, signal }: Host): Promise<Answer> {
  const began = now()
  const limit = AbortSignal.timeout(seconds * 1000)
  try {
    const response = await fetch(url, { method: 'GET', signal: AbortSignal.any([signal, limit]) })
    await response.body?.cancel()
    const { ok, status } = response
    const cause = ok ? {} : { cause: `it answers with status ${status}` }
    return { ok, status, milliseconds: now() - began, ...cause }
  } catch {
    const cause = limit.aborted ? `no answer within ${seconds} s` : 'it cannot be reached'
    return { ok: false, status: null, milliseconds: now() - began, cause }
  }
}

function text({ ok, cause, milliseconds }: Answer, url: string): string {
  return ok ? `${url} answers (${milliseconds} ms)\n` : `${url}: ${cause}\n`
}
