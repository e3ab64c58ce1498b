import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ChatRequest, emptyChatRequest, type MediaPart } from '../../../src/chat/model.ts'
import { inferMediaQuirk } from '../../../src/oci/models/media-quirks.ts'
import { modelProfile } from '../../../src/oci/models/profiles.ts'

const GEMINI = modelProfile('google.gemini-2.5-pro')

const rejections: [message: string, kind: MediaPart['type'], quirk: string | undefined][] = [
  ['Content type IMAGE is not supported with this model.', 'image', 'without image'],
  ['This model does not support image input', 'image', 'without image'],
  ['m is not a multimodal model', 'image', 'without image'],
  ['At most 0 image(s) may be provided in one request.', 'image', 'without image'],
  ['At most 1 image(s) may be provided in one request.', 'image', 'at most 1 images'],
  ['invalid request: at most 1 image is supported, got 2', 'image', 'at most 1 images'],
  ['Content type file is not supported with this model.', 'document', 'without document'],
  ['input_audio is not supported by this model', 'audio', 'without audio'],
  ['Content type IMAGE is not supported with this model.', 'audio', undefined],
  ['The image format is not supported by this model', 'image', undefined],
  ['Invalid IMAGE url: a base64 data URI is required.', 'image', undefined],
  ['temperature is not supported by this model', 'image', undefined],
]

describe('inferMediaQuirk()', () => {
  for (const [message, kind, name] of rejections) {
    it(`R-A3 infers ${name} for earlier ${kind} from: ${message}`, () => {
      assert.equal(inferMediaQuirk(message, GEMINI, conversation(kind, true))?.name, name)
    })
  }

  it('R-A3 infers nothing from a request that a client can change', () => {
    const [message] = rejections[0] ?? ['']
    assert.equal(inferMediaQuirk(message, GEMINI, conversation('image', false)), undefined)
    assert.equal(inferMediaQuirk(message, GEMINI, undefined), undefined)
  })

  it('R-A3 infers nothing that is known', () => {
    const [message] = rejections[0] ?? ['']
    const text = modelProfile('xai.grok-3')
    assert.equal(inferMediaQuirk(message, text, conversation('image', true)), undefined)
  })

  it('R-A3 changes the inputs of a profile', () => {
    const [message] = rejections[0] ?? ['']
    const quirk = inferMediaQuirk(message, GEMINI, conversation('image', true))
    assert.deepEqual(quirk?.change(GEMINI), { inputs: ['text', 'document', 'audio', 'video'] })
  })
})

function conversation(type: MediaPart['type'], isAnswered: boolean): ChatRequest {
  const media = { type, url: 'data:,', param: 'p' }
  const user = { role: 'user', content: [media], name: undefined } as const
  const next = { ...user, content: [{ type: 'text', text: 'Thanks' }] } as const
  return { ...emptyChatRequest('m'), messages: isAnswered ? [user, next] : [user] }
}
