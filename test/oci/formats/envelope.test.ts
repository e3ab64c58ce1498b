import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FORMATS } from '../../../src/oci/formats/registry.ts'
import { PROJECT } from '../../oci-names.ts'
import { bodyOf, COMPARTMENT, plan } from '../context.ts'

const DESTINATION = { model: 'acme.one', compartmentId: COMPARTMENT }
const ACTION = '/20231130/actions/chat'

const paths: [format: keyof typeof FORMATS, path: string][] = [
  ['GENERIC', ACTION],
  ['COHERE', ACTION],
  ['COHEREV2', ACTION],
  ['CHAT_COMPLETIONS', '/openai/v1/chat/completions'],
  ['RESPONSES', '/openai/v1/responses'],
]

describe('Envelope', () => {
  for (const [format, path] of paths) {
    it(`of ${format} is sent to ${path}`, () => {
      const { envelope } = FORMATS[format]
      assert.equal(envelope.path, path)
      const isAction = path === ACTION
      assert.deepEqual(
        envelope.wrap({ a: 1 }, DESTINATION),
        isAction
          ? {
            compartmentId: COMPARTMENT,
            servingMode: { servingType: 'ON_DEMAND', modelId: 'acme.one' },
            chatRequest: { a: 1 },
          }
          : { model: 'acme.one', a: 1 },
      )
      const pays = { 'opc-compartment-id': COMPARTMENT, CompartmentId: COMPARTMENT }
      assert.deepEqual(envelope.headers(DESTINATION), isAction ? {} : pays)
      const headers = envelope.headers({ ...DESTINATION, project: PROJECT })
      assert.deepEqual(headers, isAction ? {} : { ...pays, 'OpenAI-Project': PROJECT })
    })
  }

  it('P12 requests several choices in one call only where the format supports it', () => {
    const calls = (['CHAT_COMPLETIONS', 'RESPONSES'] as const).map((format) => {
      const planned = plan({ choices: 2 }, { format })
      return [planned.calls, bodyOf(planned)['n'], planned.warnings]
    })
    assert.deepEqual(calls, [[1, 2, []], [2, undefined, []]])
  })

  it('sends a dedicated endpoint as the model', () => {
    const model = 'ocid1.generativeaiendpoint.oc1.us-chicago-1.a'
    const { envelope } = FORMATS.RESPONSES
    assert.deepEqual(envelope.wrap({}, { ...DESTINATION, model }), { model })
  })
})
