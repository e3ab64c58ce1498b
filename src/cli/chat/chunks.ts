import { createSseDecoder } from '../../sse/decode.ts'

/** Token counts of an answer. */
export interface ChatUsage {
  prompt_tokens: number
  completion_tokens: number
  completion_tokens_details?: { reasoning_tokens?: number } | null
}

interface ChatText {
  content?: string | null
  reasoning_content?: string | null
  refusal?: string | null
}

/** A chunk of a streamed answer or a whole answer, in OpenAI's format: the members that are read. */
export interface ChatChunk {
  choices?: readonly { delta?: ChatText; message?: ChatText; finish_reason?: string | null }[]
  usage?: ChatUsage | null
  error?: { message?: string }
}

/** The text of a chunk. */
export interface ChatPart {
  text: string
  reasoning: string
}

const END = '[DONE]'

/**
 * Reads the chunks of an answer, or the whole answer as one chunk. Throws if a stream ends without
 * its last event, and the reason of `signal` if it aborts.
 */
export async function* readChunks(
  response: Response,
  signal: AbortSignal,
): AsyncGenerator<ChatChunk> {
  if (!isStream(response)) {
    yield await response.json() as ChatChunk
    return
  }
  for await (const data of readData(response, signal)) {
    if (data === END) return
    yield JSON.parse(data) as ChatChunk
  }
  throw new Error('The answer ended before it was complete')
}

/** Whether the answer is a stream of chunks. */
export function isStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') ?? false
}

/** Returns the text of a chunk. A refusal is part of the answer. */
export function partOf({ choices: [choice] = [] }: ChatChunk): ChatPart {
  const { content, refusal, reasoning_content: reasoning } = choice?.delta ?? choice?.message ?? {}
  return { text: `${content ?? ''}${refusal ?? ''}`, reasoning: reasoning ?? '' }
}

async function* readData({ body }: Response, signal: AbortSignal): AsyncGenerator<string> {
  if (!body) return
  const reader = body.getReader()
  const decoder = createSseDecoder()
  const cancel = () => void reader.cancel(signal.reason).catch(() => {})
  signal.addEventListener('abort', cancel)
  try {
    while (true) {
      const { done, value } = await reader.read()
      signal.throwIfAborted()
      for (const { data } of done ? decoder.end() : decoder.push(value)) yield data
      if (done) return
    }
  } finally {
    signal.removeEventListener('abort', cancel)
    cancel()
  }
}
