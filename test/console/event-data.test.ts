import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createEventDataReader } from '../../src/console/event-data.ts'

const STREAM =
  ': comment\n\ndata: {"a":1}\n\nevent: x\r\ndata: two\r\ndata:lines\r\n\r\ndata: last\n\n'
const DATA = ['{"a":1}', 'two\nlines', 'last']

function readAll(parts: readonly string[]): string[] {
  const reader = createEventDataReader()
  return [...parts.flatMap((part) => reader.push(part)), ...reader.end()]
}

describe('createEventDataReader()', () => {
  it('reads the data of events, without comments and other fields', () => {
    assert.deepEqual(readAll([STREAM]), DATA)
  })

  it('reads the same for any split', () => {
    for (let at = 0; at <= STREAM.length; at++) {
      assert.deepEqual(readAll([STREAM.slice(0, at), STREAM.slice(at)]), DATA, `at ${at}`)
    }
    assert.deepEqual(readAll([...STREAM]), DATA)
  })

  it('reads the last event without a blank line after it', () => {
    assert.deepEqual(readAll(['data: a\n\ndata: b']), ['a', 'b'])
  })

  it('does not read a long line again with each part', () => {
    const reader = createEventDataReader()
    const part = 'x'.repeat(1_000)
    assert.deepEqual(reader.push('data: '), [])
    for (let count = 0; count < 5_000; count++) assert.deepEqual(reader.push(part), [])
    assert.equal(reader.push('\n\n')[0]?.length, 5_000_000)
  })
})
