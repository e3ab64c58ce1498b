import { isStream, partOf, readChunks } from './chunks.ts'
import { figureLines, type Figures, routeOf } from './figures.ts'
import type { ChatMessage } from './request.ts'
import { type ChatWriter, createJsonWriter, createTextWriter } from './writer.ts'
import { type DirectGateway, failureOf, warningsOf } from '../direct-gateway.ts'
import type { Host } from '../host.ts'
import { startProgress } from '../progress.ts'
import { stylesFor } from '../styles.ts'

/** What all answers of one command have in common. */
export interface ChatSession {
  host: Host
  gateway: DirectGateway
  model: string
  /** The request without its messages. */
  settings: object
  /** Prints the JSON of the API instead of the text. */
  isJson: boolean
  showsReasoning: boolean
  /** Prints the gateway's log. Its `print` is replaced while progress is shown. */
  log: { print(text: string): void }
}

export interface AnswerOptions {
  /** Stops the answer. */
  signal: AbortSignal
  /** Receives each part of the text. */
  onText?(text: string): void
}

/**
 * Sends the messages, prints the answer on standard output and its figures on standard error. Throws
 * an error with the API's message if the answer fails or is incomplete.
 */
export async function answer(
  session: ChatSession,
  messages: readonly ChatMessage[],
  { signal, onText }: AnswerOptions,
): Promise<void> {
  const { host: { stderr, now }, model, gateway } = session
  const startedAt = now()
  const figures: Figures = { model, total: 0, hasText: false }
  const progress = startProgress(session.host, `Waiting for ${model}`)
  const writer = createWriter(session)
  session.log.print = progress.print
  try {
    const body = { ...session.settings, messages }
    const response = await gateway.request('/v1/chat/completions', { body, signal })
    signal.throwIfAborted()
    if (!response.ok) throw await failureOf(response)
    Object.assign(figures, routeOf(response, model))
    progress.print(warningsOf(response) ?? '')
    for await (const chunk of readChunks(response, signal)) {
      const part = partOf(chunk)
      const isToken = part.text !== '' || part.reasoning !== ''
      if (isToken && isStream(response)) figures.first ??= now() - startedAt
      if (isToken || session.isJson) progress.stop()
      figures.hasText ||= part.text !== ''
      figures.usage = chunk.usage ?? figures.usage
      figures.finish = chunk.choices?.[0]?.finish_reason ?? figures.finish
      onText?.(part.text)
      await writer.write(chunk, part)
      if (chunk.error) throw new Error(chunk.error.message ?? 'The answer failed')
    }
  } finally {
    progress.stop()
    writer.end()
  }
  figures.total = now() - startedAt
  stderr.write(stylesFor(stderr).dim(figureLines(figures)))
}

function createWriter(
  { host: { stdout, stderr }, isJson, showsReasoning }: ChatSession,
): ChatWriter {
  return isJson
    ? createJsonWriter(stdout)
    : createTextWriter(stdout, showsReasoning ? stderr : undefined)
}
