import { messageFor } from '../../entry/exit-codes.ts'
import { answer, type ChatSession } from './answer.ts'
import { type ChatMessage, userMessage } from './request.ts'
import type { LineReader } from '../host.ts'
import { stylesFor } from '../styles.ts'

const PROMPT = '> '

/** What a person may type instead of a message. */
const COMMANDS: ReadonlyMap<string, 'exit' | 'clear' | 'help'> = new Map([
  ['/exit', 'exit'],
  ['/quit', 'exit'],
  ['/clear', 'clear'],
  ['/help', 'help'],
])

const HELP =
  '/exit or Ctrl+D ends the conversation, /clear starts a new one, Ctrl+C stops an answer.\n'

/** The first messages of a conversation. */
export interface Opening {
  messages: readonly ChatMessage[]
  /** Images of the first message, as data URLs. */
  images: readonly string[]
}

/** Runs a conversation until the person ends it. Its history is only in memory. */
export async function converse(session: ChatSession, opening: Opening): Promise<void> {
  const { host, model, gateway } = session
  const { dim } = stylesFor(host.stderr)
  host.stderr.write(dim(`${model} in ${gateway.region}. ${HELP}`))
  const lines = host.stdin.openLines()
  const close = () => lines.close()
  host.signal.addEventListener('abort', close)
  try {
    await repeat(session, opening, lines)
  } finally {
    host.signal.removeEventListener('abort', close)
    close()
  }
}

async function repeat(session: ChatSession, opening: Opening, lines: LineReader): Promise<void> {
  const { stderr, signal } = session.host
  let { messages, images } = opening
  let wasInterrupted = false
  while (true) {
    const typed = await lines.read(PROMPT)
    if (typed.type !== 'text') stderr.write('\n')
    signal.throwIfAborted()
    // Two times Ctrl+C ends the conversation too.
    if (typed.type === 'end' || typed.type === 'interrupt' && wasInterrupted) return
    wasInterrupted = typed.type === 'interrupt'
    const text = typed.type === 'text' ? typed.text.trim() : '/help'
    const command = COMMANDS.get(text)
    if (command === 'exit') return
    if (command === 'help') stderr.write(HELP)
    if (command === 'clear') messages = opening.messages
    if (command !== undefined || text === '') continue
    const turn = [...messages, userMessage(text, images)]
    const reply = await answerTurn(session, turn)
    if (reply === '') continue
    messages = [...turn, { role: 'assistant', content: reply }]
    images = []
  }
}

/** Returns the text of the answer, or what there is of a stopped one. Prints errors. */
async function answerTurn(session: ChatSession, messages: readonly ChatMessage[]): Promise<string> {
  const { host } = session
  const stop = new AbortController()
  const release = host.onInterrupt(() => stop.abort(new Error('Stopped')))
  let reply = ''
  try {
    await answer(session, messages, {
      signal: AbortSignal.any([stop.signal, host.signal, host.stdout.closed]),
      onText: (text) => reply += text,
    })
  } catch (thrown) {
    host.signal.throwIfAborted()
    host.stdout.closed.throwIfAborted()
    const message = stop.signal.aborted ? 'The answer was stopped.' : messageFor(thrown)
    host.stderr.write(`${stylesFor(host.stderr).yellow(message)}\n`)
  } finally {
    release()
  }
  return reply
}
