import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ExampleCandidate, exampleModel } from '../../src/cli/invitation.ts'

function model(id: string, part: Partial<ExampleCandidate> = {}): ExampleCandidate {
  return { id, isAlias: false, chats: true, tools: true, ...part }
}

describe('exampleModel()', () => {
  const alias = model('gpt-4o-mini', { isAlias: true })
  const embeddings = model('cohere.embed-v4.0', { chats: false })
  const withoutTools = model('acme.plain', { tools: false })
  const cases: [candidates: ExampleCandidate[], id: string | undefined][] = [
    [[], undefined],
    [[embeddings], undefined],
    [[alias], 'gpt-4o-mini'],
    [[alias, withoutTools], 'acme.plain'],
    [[alias, withoutTools, model('acme.one')], 'acme.one'],
    [[model('acme.one'), model('google.gemini-2.5-pro')], 'google.gemini-2.5-pro'],
    [[model('google.gemini-2.5-pro'), model('xai.grok-4.3'), alias], 'xai.grok-4.3'],
  ]
  for (const [candidates, id] of cases) {
    it(`chooses ${id} of ${candidates.map((each) => each.id).join(', ') || 'none'}`, () => {
      assert.equal(exampleModel(candidates), id)
    })
  }
})
