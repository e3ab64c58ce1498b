import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ModerationPart, ModerationSubject } from '../../../../src/moderation/model.ts'
import { encodeSubject } from '../../../../src/oci/actions/guardrails/encode.ts'
import { COMPARTMENT } from '../../context.ts'

const TEXT: ModerationPart = { type: 'text', text: 'a' }
const IMAGE: ModerationPart = { type: 'image', url: 'data:image/png;base64,', param: 'input[0]' }
const UP_TEXT = { type: 'TEXT', content: 'a' }
const UP_IMAGE = { type: 'IMAGE', imageUrl: { url: 'data:image/png;base64,' } }
const PERSONAL = { types: ['PERSON', 'EMAIL', 'TELEPHONE_NUMBER'] }

type Case = [
  name: string,
  subject: ModerationSubject,
  input: object | undefined,
  multimodalInput: object[] | undefined,
  personal: object | undefined,
]

const cases: Case[] = [
  ['V18 sends a text', [TEXT], UP_TEXT, undefined, PERSONAL],
  [
    'sends an image without detection of personal information',
    [IMAGE],
    UP_IMAGE,
    undefined,
    undefined,
  ],
  ['sends both together', [TEXT, IMAGE], undefined, [UP_TEXT, UP_IMAGE], undefined],
  ['sends two texts together', [TEXT, TEXT], undefined, [UP_TEXT, UP_TEXT], PERSONAL],
]

describe('encodeSubject()', () => {
  for (const [name, subject, input, multimodalInput, personal] of cases) {
    it(name, () => {
      assert.deepEqual(encodeSubject(subject, COMPARTMENT), {
        compartmentId: COMPARTMENT,
        input,
        multimodalInput,
        guardrailConfigs: {
          contentModerationConfig: { categories: ['OVERALL', 'BLOCKLIST'] },
          personallyIdentifiableInformationConfig: personal,
          promptInjectionConfig: {},
        },
      })
    })
  }
})
