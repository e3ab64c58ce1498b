import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { events, finish, piece, text, type Upstream, whole } from './upstream.ts'

/** A piece of a GENERIC stream with the probabilities of its tokens. */
function pieceOf(...tokens: string[]): object {
  const logprobs = { tokens, tokenLogprobs: tokens.map(() => '-0.5') }
  return piece({ ...text(tokens.join('')) }, { logprobs })
}

const SENTENCE = ['On', 'ce', ' upon', ' a', ' time']
const STREAMS: Readonly<Record<string, [upstream: Upstream, model: string]>> = {
  'a GENERIC stream': [
    events(pieceOf('On', 'ce'), pieceOf(' upon'), pieceOf(' a', ' time'), finish()),
    'xai.grok-4.3',
  ],
  'a COHEREV2 stream': [
    events(
      ...SENTENCE.map((token) => ({
        message: { role: 'ASSISTANT', content: [{ type: 'TEXT', text: token }] },
        logProbabilities: [{ text: token, logProbabilities: [-0.5] }],
      })),
      { finishReason: 'COMPLETE' },
    ),
    'cohere.command-a-reasoning-08-2025',
  ],
  'a whole answer': [
    whole([{
      index: 0,
      message: { role: 'ASSISTANT', ...text(SENTENCE.join('')) },
      finishReason: 'stop',
      logprobs: { tokens: SENTENCE, tokenLogprobs: SENTENCE.map(() => '-0.5') },
    }]),
    'meta.llama-3.3-70b-instruct',
  ],
}

describe('log probabilities in a stream', () => {
  for (const path of ['/v1/chat/completions', '/v1/completions']) {
    for (const [name, [upstream, model]] of Object.entries(STREAMS)) {
      it(`R-E6 are in the chunk of their text: ${path}, ${name}`, async () => {
        const config = { models: { 'meta.*': { streams: false } } }
        const gateway = await openTestGateway({ config, upstream })
        const isChat = path.includes('chat')
        const body = isChat
          ? { messages: [{ role: 'user', content: 'Hi' }], logprobs: true }
          : { prompt: 'Hi', logprobs: 0 }
        const response = await gateway.fetch(path, {
          method: 'POST',
          body: JSON.stringify({ model, stream: true, ...body }),
        })
        const chunks = dataOf(await response.text()).flatMap(({ choices }) => choices)
        const written = chunks.filter((chunk) => textOf(chunk) !== '')
        assert.equal(written.map(textOf).join(''), SENTENCE.join(''))
        for (const chunk of chunks) {
          const tokens = tokensOf(chunk)
          // A whole answer is split at words, of which some begin within a token.
          if (name === 'a whole answer') assert.ok(!tokens || textOf(chunk) !== '')
          else assert.equal(tokens?.join('') ?? '', textOf(chunk))
        }
      })
    }
  }
})

interface Chunk {
  delta?: { content?: string }
  text?: string
  logprobs: { content?: { token: string }[]; tokens?: string[] } | null
}

function dataOf(stream: string): { choices: Chunk[] }[] {
  return stream.split('\n').filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice('data: '.length)))
}

function textOf({ delta, text }: Chunk): string {
  return delta?.content ?? text ?? ''
}

function tokensOf({ logprobs }: Chunk): string[] | undefined {
  return logprobs?.tokens ?? logprobs?.content?.map(({ token }) => token)
}
