import { ASKED, type Row } from '../row.ts'
import { chunk, say, send, STALL, streamHead } from '../script.ts'

/** What clients do wrong, or to do harm. */
export const CLIENTS: readonly Row[] = [
  {
    id: 'C1a',
    title: 'leaves amid a stalled stream (FIN)',
    alone: true,
    script: [[send(streamHead()), send(chunk(say('Hello'))), STALL]],
    request: {
      body: { stream: true },
      steps: [ASKED, { do: 'until', text: 'Hello' }, { do: 'fin' }],
    },
    expect: { ends: 'left', upstreamLeft: { node: 100, bun: 100, deno: 100, workers: 700 } },
  },
  {
    id: 'C4a',
    title: 'a body larger than the limit',
    request: { body: JSON.stringify({ model: 'x'.repeat(21 * 2 ** 20) }) },
    expect: { status: 413, code: 'request_too_large' },
  },
]
