import { DONE, event, FINISH, reply, say } from '../faults/script.ts'

/** Successful answers of OCI, with the fields that the gateway reads. */
export interface OrdinaryAnswer {
  type: string
  text: string
}

const MODELS = { items: [] }
const USAGE = { promptTokens: 1, completionTokens: 1, totalTokens: 2 }

/** The successful answer to a request, selected by path and body. */
export function answerTo(path: string, body: Buffer): OrdinaryAnswer {
  if (path.includes('/actions/embedText')) return json({ embeddings: vectorsFor(body) })
  if (path.includes('/actions/applyGuardrails')) return json(GUARDRAILS)
  if (path.includes('/actions/rerankText')) return json(RERANKED)
  if (path.includes('/actions/chat')) return chatAnswer(body)
  if (path.includes('/responses')) return json(RESPONSE)
  if (path.includes('/chat/completions')) return json(COMPLETION)
  return json(MODELS)
}

const GUARDRAILS = {
  results: {
    contentModeration: { categories: [{ name: 'OVERALL', score: 0 }] },
    promptInjection: { score: 0 },
  },
}
const RERANKED = { id: 'r', documentRanks: [{ index: 0, relevanceScore: 0.5 }] }
const RESPONSE = {
  id: 'resp_upstream0001',
  object: 'response',
  status: 'completed',
  output: [{
    type: 'message',
    id: 'msg_upstream0001',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: 'Hello', annotations: [] }],
  }],
  usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
}
const COMPLETION = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{
    index: 0,
    message: { role: 'assistant', content: 'Hello' },
    finish_reason: 'stop',
  }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
}
const COHERE = {
  modelId: 'm',
  modelVersion: '1',
  chatResponse: {
    apiFormat: 'COHERE',
    text: 'Hello',
    finishReason: 'COMPLETE',
    usage: USAGE,
  },
}
const COHERE2 = {
  modelId: 'm',
  modelVersion: '1',
  chatResponse: {
    apiFormat: 'COHEREV2',
    message: { role: 'ASSISTANT', content: [{ type: 'TEXT', text: 'Hello' }] },
    finishReason: 'COMPLETE',
    usage: USAGE,
  },
}

function chatAnswer(body: Buffer): OrdinaryAnswer {
  if (body.includes('"apiFormat":"COHEREV2"')) return json(COHERE2)
  if (body.includes('"apiFormat":"COHERE"')) return json(COHERE)
  if (body.includes('"isStream":true')) {
    return { type: 'text/event-stream', text: say('Hello') + FINISH + DONE }
  }
  const whole = reply('Hello')
  return json(whole)
}

/** One vector for each input. */
function vectorsFor(body: Buffer): readonly (readonly number[])[] {
  const { inputs = [''] } = JSON.parse(body.toString()) as { inputs?: readonly unknown[] }
  return inputs.map(() => [0.5, 0.25])
}

function json(value: object): OrdinaryAnswer {
  return { type: 'application/json', text: JSON.stringify(value) }
}

/** A prompt with this text gets a stream that starts and does not end. */
export const HOLD_OPEN = 'hold-this-stream-open'

/** A stream without content that ends with `stop`. */
export const EMPTY_STREAM =
  event({ index: 0, message: { role: 'ASSISTANT' }, finishReason: 'stop' }) +
  DONE
