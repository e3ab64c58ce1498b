import { EFFORTS } from '../../chat/levels.ts'
import { EXIT } from '../../entry/exit-codes.ts'
import { answer, type ChatSession } from '../chat/answer.ts'
import { readImages, requestSettings, systemMessages, userMessage } from '../chat/request.ts'
import { defineCommand } from '../command.ts'
import { CONNECTION_FLAGS, withFlags } from '../connection-flags.ts'
import { converse } from '../chat/conversation.ts'
import { type DirectGateway, openDirectGateway } from '../direct-gateway.ts'
import type { Host } from '../host.ts'
import { exampleModel } from '../invitation.ts'
import { withProgress } from '../progress.ts'
import { listModels } from '../models/read.ts'
import { wholeNumber } from '../parse-arguments.ts'
import { usageError } from '../usage-error.ts'

/** `oci-gateway chat` */
export const chat = defineCommand({
  positionals: [
    {
      ...{ name: 'MODEL', completes: 'model' },
      description: 'A model or alias. Default: a model of the list',
    },
    {
      name: 'PROMPT',
      description: 'The question; piped input is appended. Default: standard input, a conversation',
      isRepeated: true,
    },
  ],
  options: {
    system: { type: 'string', description: 'System text' },
    image: { type: 'list', value: 'FILE', description: 'Image of the prompt; may be repeated' },
    'max-tokens': {
      ...{ type: 'integer', value: 'N', description: 'Maximum tokens of an answer' },
      rule: wholeNumber('a whole number', 1, Infinity),
    },
    temperature: { type: 'string', value: 'N', description: 'Randomness, from 0' },
    'reasoning-effort': {
      ...{ type: 'string', value: 'LEVEL', description: 'Reasoning effort', choices: EFFORTS },
    },
    'no-reasoning': { type: 'boolean', description: 'Do not print the reasoning' },
    'no-stream': { type: 'boolean', description: 'Print the answer when it is complete' },
    json: { type: 'boolean', description: "Print the API's JSON, one line per chunk" },
    ...CONNECTION_FLAGS,
  },
  examples: [
    { line: 'chat xai.grok-4.3 "What is OCI?"', does: 'print an answer' },
    { line: 'chat openai.gpt-oss-120b', does: 'start a conversation' },
    { line: 'chat xai.grok-4.3 "Summarize:" < notes.txt', does: 'append a file to the prompt' },
    { line: 'chat xai.grok-4.3 "What is this?" --image photo.jpg', does: 'ask about an image' },
    { line: 'chat xai.grok-4.3 Hello --json --no-stream', does: 'print one JSON object' },
  ],
  exitCodes: { [EXIT.failure]: 'an error occurred, or the answer is incomplete' },
  async run({ values, positionals, host }) {
    const { model, words } = splitArguments(positionals)
    if (model === '') throw usageError('MODEL is empty')
    const settings = (name: string) => requestSettings(name, values)
    // Reports invalid values before it reads anything.
    settings('')
    const prompt = await readPrompt(words, host)
    if (prompt === undefined && values.json) throw usageError('--json needs a PROMPT')
    const images = await readImages(values.image, host)
    const log = { print: (text: string) => host.stderr.write(text) }
    const gateway = await withProgress(host, 'Loading the credential', (progress) => {
      log.print = progress.print
      const env = withFlags(host.env, values)
      return openDirectGateway(host, env, (text) => log.print(text))
    })
    // Ctrl+C while the credential was loaded.
    host.signal.throwIfAborted()
    const name = model ?? await chooseModel(gateway, host)
    const session: ChatSession = {
      ...{ host, gateway, model: name, settings: settings(name), isJson: values.json, log },
      showsReasoning: !values['no-reasoning'],
    }
    const messages = systemMessages(values)
    if (prompt === undefined) await converse(session, { messages, images })
    else {
      const signal = AbortSignal.any([host.signal, host.stdout.closed])
      await answer(session, [...messages, userMessage(prompt, images)], { signal })
    }
    return EXIT.success
  },
})

/** A first argument with a space is a prompt: names of models have none. */
function splitArguments(
  [first, ...rest]: readonly string[],
): { model: string | undefined; words: readonly string[] } {
  const isPrompt = first !== undefined && /\s/.test(first)
  return isPrompt ? { model: undefined, words: [first, ...rest] } : { model: first, words: rest }
}

/** The prompt of the arguments and of standard input, or undefined for a conversation. */
async function readPrompt(words: readonly string[], host: Host): Promise<string | undefined> {
  const { stdin } = host
  if (words.length === 0 && stdin.isTerminal) return undefined
  const read = () => words.length === 0 ? stdin.readAll() : stdin.readOptional()
  const input = await withProgress(
    host,
    'Reading standard input',
    () => Promise.race([read(), untilInterrupted(host.signal)]),
  )
  const parts = [words.join(' '), input.replace(/\r?\n$/, '')]
  const prompt = parts.filter((part) => part.trim() !== '').join('\n\n')
  if (prompt === '') throw usageError('The prompt is empty')
  return prompt
}

/** Rejects when the signal aborts: a read of standard input does not end by itself. */
function untilInterrupted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const interrupt = () => reject(signal.reason)
    if (signal.aborted) interrupt()
    else signal.addEventListener('abort', interrupt, { once: true })
  })
}

async function chooseModel(gateway: DirectGateway, host: Host): Promise<string> {
  const models = await withProgress(
    host,
    'Reading the models of OCI',
    () => listModels(gateway, { signal: host.signal, includeRetired: false }),
  )
  const model = exampleModel(models.entries.map(({ id, root, capabilities }) => ({
    ...{ id, isAlias: root !== undefined },
    ...{ chats: capabilities['chat'] ?? false, tools: capabilities['tools'] ?? false },
  })))
  if (model === undefined) throw usageError('OCI lists no chat model. Name one: chat MODEL')
  host.stderr.write(`Model: ${model}\n`)
  return model
}
