import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type ErrorBody, readErrorBody, readErrorJson } from '../../../src/oci/http/error-body.ts'
import { grapheme } from '../../characters.ts'
import { runsOf } from '../../property-runs.ts'

type Case = [name: string, text: string, expected: Partial<ErrorBody>]

const OPENAI = {
  message: "Unsupported value: 'temperature' does not support 0.7",
  type: 'invalid_request_error',
  param: 'temperature',
  code: 'unsupported_value',
}
const OPENAI_READ = {
  code: 'unsupported_value',
  message: "Unsupported value: 'temperature' does not support 0.7",
  param: 'temperature',
}

const cases: Case[] = [
  ['reads a code that is a word', json({ code: 'NotAuthenticated', message: 'Who are you?' }), {
    code: 'NotAuthenticated',
    message: 'Who are you?',
  }],
  [
    'E01 reads a code that is a number in text',
    json({ code: '400', message: 'Please pass in it.' }),
    {
      code: '400',
      message: 'Please pass in it.',
    },
  ],
  ['reads a code that is a number', json({ code: 429, message: 'Too many' }), {
    code: '429',
    message: 'Too many',
  }],
  [
    "E02 P16 reads a vendor's JSON in the message",
    json({
      code: '400',
      message: json({
        code: 'invalid-argument',
        error: 'Model grok-code-fast-1 does not support parameter reasoningEffort.',
      }),
    }),
    {
      code: 'invalid-argument',
      message: 'Model grok-code-fast-1 does not support parameter reasoningEffort.',
    },
  ],
  [
    "E02 reads OpenAI's error in the message",
    json({ code: '400', message: json({ error: OPENAI }) }),
    OPENAI_READ,
  ],
  [
    'E02 reads it behind a few words',
    json({ code: '400', message: `Bad request: ${json({ error: OPENAI })}` }),
    OPENAI_READ,
  ],
  [
    'E02 reads it in another layer',
    json({ code: '400', message: json({ code: '400', message: json({ error: OPENAI }) }) }),
    OPENAI_READ,
  ],
  [
    'E02 reads it encoded twice',
    json({ code: '400', message: `Error: ${json(json({ error: OPENAI }))}` }),
    OPENAI_READ,
  ],
  ["E02 reads OpenAI's error by itself", json({ error: OPENAI }), OPENAI_READ],
  [
    'P17 reads an error of nothing but the parameter at fault',
    json({ error: { param: 'max_tokens', code: 'unsupported_parameter' } }),
    {
      code: 'unsupported_parameter',
      param: 'max_tokens',
      message: json({ error: { param: 'max_tokens', code: 'unsupported_parameter' } }),
    },
  ],
  ['reads the older errorMessage', json({ errorMessage: 'no' }), { message: 'no' }],
  ['reads an error that is a text', json({ error: 'no' }), { message: 'no' }],
  [
    'keeps the readable members of an unknown shape',
    json({ code: ['x'], message: 'no', error: [1] }),
    {
      message: 'no',
    },
  ],
  ['keeps the code of an error without a text', json({ code: '500', message: '' }), {
    code: '500',
    message: '',
  }],
  [
    'keeps the outer code when the inner error has none',
    json({ code: '400', message: '{"error":"no"}' }),
    {
      code: '400',
      message: 'no',
    },
  ],
  [
    'keeps a text with braces that are not an error',
    json({ code: '400', message: 'Invalid {name} in {}' }),
    {
      code: '400',
      message: 'Invalid {name} in {}',
    },
  ],
  ['keeps plain text', ' upstream connect error\n', { message: 'upstream connect error' }],
  ['keeps JSON that is not an error', '[1]', { message: '[1]' }],
  ['has no text for an empty answer', '', {}],
  ['E08 has no text for an HTML page', '<html><body><h1>502 Bad Gateway</h1></body></html>', {}],
  ['E08 has no text for an HTML page with a doctype', '\n<!DOCTYPE html><p>x</p>', {}],
  ['E08 has no text for an HTML page in JSON', json({ code: '502', message: '<html>x</html>' }), {
    code: '502',
  }],
  ['E08 has no text for an HTML page after a prefix', 'Error: <HTML>x</HTML>', {}],
]

describe('readErrorBody()', () => {
  for (const [name, text, expected] of cases) {
    it(name, () => assert.deepEqual(readErrorBody(400, text), { ...EMPTY, ...expected }))
  }

  it('reads at most four layers', () => {
    const [first, ...outer] = Array.from({ length: 6 }, (_, layer) => `layer ${layer}`)
    const text = outer.reduce((inner, code) => json({ code, message: inner }), `${first}`)
    const { code, message } = readErrorBody(400, text)
    assert.deepEqual([code, message], ['layer 2', json({ code: 'layer 1', message: 'layer 0' })])
  })

  it('never fails, never returns HTML, and never returns more than its input', () => {
    const page = fc.constantFrom('<html>', '<!doctype html>', ' <p>', '<HTML lang="en">')
    const inner = fc.oneof(fc.string({ unit: grapheme }), page, fc.json())
    const layer = inner.map((message) => json({ code: '400', message }))
    const wrapped = layer.map((message) => json({ error: { message, param: 'p' } }))
    const text = fc.oneof(
      inner,
      layer,
      wrapped,
      wrapped.map(json),
      fc.tuple(inner, layer).map(join),
    )
    fc.assert(
      fc.property(text, (text) => {
        const { message } = readErrorBody(400, text)
        assert.doesNotMatch(message, /^\s*<|<html/i)
        assert.ok(message.length <= text.length)
      }),
      runsOf(1_000),
    )
  })
})

describe('readErrorJson()', () => {
  it('F14: reads an error around JSON of any depth', () => {
    const depth = 200_000
    let details: unknown = []
    for (let level = 0; level < depth; level++) details = [details]
    const { code, message } = readErrorJson(502, { error: { code: 'x', message: 'no', details } })
    assert.deepEqual([code, message], ['x', 'no'])
    const text = JSON.stringify({ message: `Bad: ${'{"error":'.repeat(depth)}` })
    assert.equal(readErrorBody(502, text).status, 502)
  })

  it('F14: keeps 4,000 characters of a text and 200 of a code', () => {
    const { code, message, param } = readErrorJson(400, {
      error: { code: 'c'.repeat(999), message: 'm'.repeat(9_999), param: 'p'.repeat(999) },
    })
    assert.deepEqual([code?.length, message.length, param?.length], [200, 4_000, 200])
  })

  it('reads parsed JSON', () => {
    assert.deepEqual(readErrorJson(502, { error: OPENAI }), { status: 502, ...OPENAI_READ })
  })
})

const EMPTY: ErrorBody = { status: 400, code: undefined, message: '', param: undefined }

function json(value: unknown): string {
  return JSON.stringify(value)
}

function join(parts: readonly string[]): string {
  return parts.join('')
}
