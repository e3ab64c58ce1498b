import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'node:test'
import { FormScanner } from '../../src/openai/form-scanner.ts'

const encoder = new TextEncoder()
const NAMES = new Set(['model', 'file_ids'])

/** Sends a form in chunks. Returns what passes and the fields that were read. */
function scan(
  form: string | Uint8Array,
  size: number,
  contentType = 'multipart/form-data; boundary=B',
) {
  const fields: [string, string][] = []
  const scanner = new FormScanner({
    ...{ contentType, fields: NAMES },
    onField(name, value) {
      fields.push([name, value])
      return name === 'model' ? `oci.${value}` : value
    },
  })
  const bytes = typeof form === 'string' ? encoder.encode(form) : form
  const passed: number[] = []
  for (let at = 0; at < bytes.length; at += size) {
    passed.push(...scanner.push(bytes.slice(at, at + size)))
  }
  passed.push(...scanner.end())
  return { text: new TextDecoder().decode(Uint8Array.from(passed)), passed, fields }
}

function part(name: string, value: string, more = ''): string {
  return `--B\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`
}

describe('FormScanner', () => {
  const form = part('a', 'one') + part('model', 'gpt') +
    part('file', '\r\n--A\n', '; filename="x"') +
    part('file_ids[]', 'file-1') + part('file_ids[1]', '') + '--B--\r\n'
  const sent = form.replace('gpt', 'oci.gpt')

  for (const size of [1, 2, 3, 7, 64, 100_000]) {
    it(`reads and replaces fields in chunks of ${size} bytes`, () => {
      const { text, fields } = scan(form, size)
      assert.equal(text, sent)
      assert.deepEqual(fields, [['model', 'gpt'], ['file_ids', 'file-1'], ['file_ids', '']])
    })
  }

  it('passes any other content unchanged, however it is split', () => {
    fc.assert(fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.integer({ min: 1, max: 90 }),
      (content, size) => {
        const head = encoder.encode(part('file', '', '; filename="x"').slice(0, -2))
        const whole = Uint8Array.from([...head, ...content, ...encoder.encode('\r\n--B--')])
        assert.deepEqual(scan(whole, size).passed, [...whole])
      },
    ))
  })

  it('reads a quoted boundary, names without quotes and a preamble', () => {
    const odd =
      'preamble\r\n--a b\r\ncontent-disposition: form-data; name=model\r\n\r\nx\r\n--a b--'
    const { text, fields } = scan(odd, 5, 'multipart/form-data; charset=x; boundary="a b"')
    assert.equal(text, odd.replace('\nx\r', '\noci.x\r'))
    assert.deepEqual(fields, [['model', 'x']])
  })

  const refused: [name: string, form: string, contentType?: string][] = [
    ['without a boundary', form, 'multipart/form-data'],
    ['that is cut off', form.slice(0, -8)],
    ['that is empty', ''],
    ['without an end of headers', `--B\r\n${'x'.repeat(20_000)}`],
    ['with a long field', part('model', 'x'.repeat(70_000)) + '--B--'],
    ['with a bare line feed before a boundary', part('a', 'b').replace('b\r\n', 'b\n') + '\n--B--'],
    ['with a file instead of a text', part('model', 'x', '; filename="model"') + '--B--'],
    ['with an encoded name', part('a', 'x', "; name*=utf-8''model") + '--B--'],
    ['with an escaped name', part('mo\\del', 'x') + '--B--'],
    [
      'with two dispositions',
      '--B\r\nContent-Disposition: form-data; name="a"\r\n' +
      'Content-Disposition: form-data; name="model"\r\n\r\nx\r\n--B--',
    ],
    [
      'with an encoded value',
      '--B\r\nContent-Disposition: form-data; name="model"\r\n' +
      'Content-Transfer-Encoding: base64\r\n\r\neA==\r\n--B--',
    ],
  ]
  for (const [name, form, contentType] of refused) {
    it(`rejects a form ${name}`, () => {
      assert.throws(() => scan(form, 50, contentType), { code: 'invalid_request' })
    })
  }
})
