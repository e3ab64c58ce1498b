import { badRequest } from '../refusal.ts'
import type { Family } from './family.ts'
import { readPrompt } from './generic-prompt.ts'

/** Cohere: none of its formats is spoken here yet, so every request is of the wrong one. */
export const COHERE: Family = {
  formats: [],
  readPrompt: () => readPrompt({}),
  findRefusal: () => undefined,
  tooLong: () => badRequest('too many tokens'),
  reply: () => ({}),
  events: () => [],
  endsWithDone: false,
}
