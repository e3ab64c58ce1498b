import { Hono } from 'hono'
import type { Env } from './admit.ts'
import { admitOpenAi, type OpenAiDoor } from './openai/admit.ts'
import { CHAT_COMPLETIONS } from './openai/chat-completions.ts'
import { embeddings } from './openai/embeddings.ts'
import { operate } from './openai/operation.ts'
import { invalidUrl } from './openai/refusal.ts'
import { refuse, type World } from './world.ts'

/** OCI's own OpenAI-compatible endpoint: the same models, in OpenAI's words on the wire. */
export function openAiEndpoint(world: World, door: OpenAiDoor): Hono<Env> {
  return new Hono<Env>()
    .use(admitOpenAi(world, door))
    .post('/chat/completions', (c) => operate(CHAT_COMPLETIONS, c.get('exchange'), world))
    .post('/embeddings', (c) => embeddings(c.get('exchange'), world))
    .all('*', (c) => {
      const { method, path } = c.req
      return refuse(invalidUrl(`Invalid URL (${method} ${path})`), world)
    })
}
