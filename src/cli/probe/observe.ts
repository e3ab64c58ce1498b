import { readNotice } from '../../oci/http/lifecycle-notice.ts'
import { asObject, parseJson } from '../../oci/json.ts'
import type { Platform, UpstreamResponse } from '../../platform.ts'

/** What answers show besides their content. */
export interface Observed {
  /** The shape of the last error. */
  errorShape: string
  /** The header that announces the end of a model, by the models that have answered. */
  headers: Map<string, string>
}

/** Records the header of a model's answer. */
export function recordHeader(
  { headers }: Observed,
  model: string,
  response: Pick<UpstreamResponse, 'headers'>,
): void {
  headers.set(model, readNotice(response)?.header ?? NO_HEADER)
}

/** What is recorded for a model whose answers have none of the headers. */
export const NO_HEADER = 'none of the headers'

/** Records the shape of errors before the gateway reads them. */
export function withObservedErrors(
  fetch: Platform['fetch'],
  observed: Observed,
): Platform['fetch'] {
  return async (url, init) => {
    const response = await fetch(url, init)
    if (response.ok) return response
    const text = await response.text()
    observed.errorShape = describeError(text)
    const { status } = response
    const headers = ['content-type', 'opc-request-id', 'retry-after']
      .map((name): [string, string] => [name, response.headers.get(name) ?? ''])
    return new Response(text, { status, headers })
  }
}

/** Describes the shape of an error, without its content. */
export function describeError(text: string): string {
  const { error, code, message } = asObject(parseJson(text)) as Record<string, unknown>
  if (typeof error === 'object' && error !== null) return 'an error object of OpenAI'
  if (typeof message !== 'string') return 'no message'
  return `"code" is ${describeCode(code)}${describeLayer(message)}`
}

function describeCode(code: unknown): string {
  if (code === undefined) return 'missing'
  if (typeof code === 'number') return 'a number'
  return /^\d+$/.test(String(code)) ? 'numeric text' : 'a word'
}

function describeLayer(message: string): string {
  const inner = message.slice(message.indexOf('{'))
  if (!inner.startsWith('{')) return ''
  if (typeof parseJson(inner) === 'object') return ', "message" is JSON'
  return /^\{\s*\\"/.test(inner) ? ', "message" is JSON, encoded twice' : ''
}
