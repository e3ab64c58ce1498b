import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'node:test'
import { FormScanner } from '../../src/openai/form-scanner.ts'

const encoder = new TextEncoder()
const TYPE = 'multipart/form-data; boundary='
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

  it('reads a name behind any other parameter', () => {
    for (const other of ['a="; name=b"', 'a="\u2028"', "filename*=utf-8''x; a="]) {
      const text = `--B\r\ncontent-disposition: form-data; ${other}; name=file\r\n\r\nx\r\n--B--`
      assert.equal(scan(text, 9).text, text)
      const field = text.replace('name=file', 'name="model"')
      if (other.startsWith('filename')) assert.throws(() => scan(field, 9))
      else assert.deepEqual(scan(field, 9).fields, [['model', 'x']])
    }
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
  const hidden = `--B\r\nContent-Disposition: form-data; name="model"\r\n\r\nx\r\n--B--\r\n`
  const disposed = (disposition: string) =>
    `--B\r\nContent-Disposition: ${disposition}\r\n\r\nx\r\n--B--\r\n`
  /** Forms in which another parser could find a field that the scanner does not see. */
  const smuggling: typeof refused = [
    ['with a continued header', disposed('form-data;\r\n name="model"')],
    ['with a space before a colon', hidden.replace(':', ' :')],
    ['with spaces around an equals sign', disposed('form-data; name = "model"')],
    ['with a name in a quoted text', disposed('form-data; a="; name=b"; name="model"; name="c"')],
    ['with two names', disposed('form-data; name="a"; name="model"')],
    ['with a carriage return in a header', disposed('form-data; a="\r"; name="model"')],
    ['with a null in a header', disposed('form-data; a="\0"; name="model"')],
    ['with a name in parts', disposed('form-data; name*0="mo"; name*1="del"')],
    ['without a disposition', '--B\r\n\r\nx\r\n--B--'],
    ['with another disposition', disposed('inline; name="model"')],
    ['with a boundary at the start of a part', part('a', hidden)],
    ['with a part after its end', `--B--\r\n${hidden}`],
    ['with a longer boundary', hidden.replaceAll('--B', '--BC') + '\r\n--B--'],
    [
      'with a long boundary',
      hidden.replaceAll('B', `${'b'.repeat(70)}--`),
      TYPE + 'b'.repeat(70) + '--',
    ],
    ['with two boundaries', hidden, 'multipart/form-data; boundary=B; boundary=A'],
    [
      'with a boundary in a quoted text',
      hidden,
      'multipart/form-data; a="; boundary=B; b="; boundary=A',
    ],
    ['with a space before an equals sign', hidden, 'multipart/form-data; boundary =B'],
    ['with very many fields', part('file_ids', 'x').repeat(1_001) + '--B--'],
  ]
  for (const [name, form, contentType] of [...refused, ...smuggling]) {
    it(`rejects a form ${name}`, () => {
      assert.throws(() => scan(form, 50, contentType), { code: 'invalid_request' })
    })
  }
})
