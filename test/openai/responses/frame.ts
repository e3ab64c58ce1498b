import { echoOf } from '../../../src/openai/responses/echo.ts'
import type { ResponseFrame } from '../../../src/openai/responses/encode.ts'
import { type ClientTool, createToolNameMap } from '../../../src/openai/responses/tool-name-map.ts'

export const OWN = 'abcdefghijklmnopqrstuvwx'
export const ID = `resp_gw${OWN}`

/** What an answer to the least of requests is told in, with these tools offered. */
export function frame(tools: readonly ClientTool[] = []): ResponseFrame {
  const book = createToolNameMap()
  tools.forEach(book.enter)
  const request = { model: 'oci/m', stream: false }
  return {
    identity: { id: ID, created: 1_700_000_000, model: 'oci/m' },
    echo: echoOf({ ...request, input: [] }, request, { isStored: false }),
    book,
    now: () => 1_700_000_002_500,
  }
}
