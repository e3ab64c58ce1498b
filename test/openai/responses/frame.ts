import { echoOf } from '../../../src/openai/responses/echo.ts'
import type { ResponseFrame } from '../../../src/openai/responses/encode.ts'
import { type ClientTool, createToolNameMap } from '../../../src/openai/responses/tool-name-map.ts'

export const OWN = 'abcdefghijklmnopqrstuvwx'
export const ID = `resp_gw${OWN}`

/** The frame of a reply to a minimal request that offers these tools. */
export function frame(tools: readonly ClientTool[] = []): ResponseFrame {
  const toolNames = createToolNameMap()
  tools.forEach(toolNames.add)
  const request = { model: 'oci/m', stream: false }
  return {
    identity: { id: ID, created: 1_700_000_000, model: 'oci/m' },
    echo: echoOf({ ...request, input: [] }, request, { isStored: false }),
    toolNames,
    now: () => 1_700_000_002_500,
  }
}
