import type { ReplyIdentity } from '../openai/chat/wire.ts'
import type { Platform } from '../platform.ts'

/** Creates the identity of a reply that starts now. `idOf` adds a prefix to 24 random characters. */
export function createReplyIdentity(
  model: string,
  platform: Platform,
  idOf: (randomId: string) => string,
): ReplyIdentity {
  return {
    id: idOf(platform.randomId()),
    created: Math.floor(platform.now() / 1000),
    model,
  }
}
