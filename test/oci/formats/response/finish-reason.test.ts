import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  decodeFinishReason,
  finalFinishReason,
} from '../../../../src/oci/formats/response/finish-reason.ts'

const WORDS: [reason: ReturnType<typeof decodeFinishReason>, ...words: string[]][] = [
  ['stop', 'stop', 'STOP', 'COMPLETE', 'STOP_SEQUENCE', 'end_turn'],
  ['length', 'length', 'LENGTH', 'MAX_TOKENS', 'max_tokens', 'max_output_tokens'],
  ['tool-calls', 'tool_calls', 'TOOL_CALLS', 'TOOL_CALL', 'TOOL_USE', 'function_call'],
  ['content-filter', 'content_filter', 'SAFETY', 'RECITATION', 'ERROR_TOXIC', 'BLOCKLIST'],
  ['content-filter', 'PROHIBITED_CONTENT'],
  ['error', 'ERROR', 'error', 'ERROR_LIMIT', 'USER_CANCEL', 'MALFORMED_FUNCTION_CALL'],
  // S31: an unknown reason, and keys of every object.
  ['stop', 'weird', '', 'constructor', '__proto__'],
]

describe('decodeFinishReason()', () => {
  for (const [reason, ...words] of WORDS) {
    for (const word of words) {
      it(`S30 reads "${word}" as ${reason}`, () => assert.equal(decodeFinishReason(word), reason))
    }
  }
})

describe('finalFinishReason()', () => {
  it('R06 returns tool-calls when the model stopped after calls', () => {
    assert.equal(finalFinishReason('stop', 1), 'tool-calls')
  })

  it('S35 keeps length when a call was cut', () => {
    assert.equal(finalFinishReason('length', 1), 'length')
  })

  it('returns stop for tool-calls without calls', () => {
    assert.equal(finalFinishReason('tool-calls', 0), 'stop')
  })
})
