import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { planStream, type Tail } from '../../src/simulator/event-stream.ts'
import { readDirectives } from '../../src/simulator/read-directives.ts'

type Case = [name: string, directives: string, text: string, tail: Tail]

const A = 'data: {"n":1}'
const B = 'data: {"n":2}'
const C = 'data: {"n":3}'
const DONE = 'data: [DONE]'

const cases: Case[] = [
  ['ends with [DONE]', '', `${A}\n\n${B}\n\n${C}\n\n${DONE}\n\n`, 'close'],
  ['ends without it', 'no-done', `${A}\n\n${B}\n\n${C}\n\n`, 'close'],
  ['stays open', 'open no-done', `${A}\n\n${B}\n\n${C}\n\n`, 'stay-open'],
  ['fails after some events', 'cut-after=2', `${A}\n\n${B}\n\n`, 'fail'],
  ['fails at once', 'cut-after=0', '', 'fail'],
  ['ends early', 'end-after=1', `${A}\n\n`, 'close'],
  ['stalls', 'stall-after=1', `${A}\n\n`, 'stay-open'],
  ['uses CR LF', 'crlf end-after=2', `${A}\r\n\r\n${B}\r\n\r\n`, 'close'],
  ['uses CR', 'cr end-after=2', `${A}\r\r${B}\r\r`, 'close'],
  ['uses one newline', 'single-newline end-after=2', `${A}\n${B}\n`, 'close'],
  ['uses one CR LF', 'single-newline crlf end-after=2', `${A}\r\n${B}\r\n`, 'close'],
  ['begins with a byte order mark', 'bom end-after=1', `\uFEFF${A}\n\n`, 'close'],
  ['comments', 'comments end-after=1', `: keep-alive\n${A}\n\n`, 'close'],
  ['comments with CR', 'comments cr end-after=1', `: keep-alive\r${A}\r\r`, 'close'],
  ['babbles', 'garbage end-after=2', `${A}\n\ndata: {"index":0,"mess\n\n`, 'close'],
  [
    'sends an unknown event',
    'unknown end-after=2',
    `${A}\n\ndata: {"heartbeat":{"sequence":1}}\n\n`,
    'close',
  ],
  [
    'sends a large event',
    'big=5 end-after=2',
    `${A}\n\ndata: ${
      JSON.stringify({
        index: 0,
        message: { role: 'ASSISTANT', content: [{ type: 'TEXT', text: 'xxxxx' }] },
      })
    }\n\n`,
    'close',
  ],
  [
    'sends the error event of OCI',
    'error-event=oci',
    `${A}\n\n${B}\n\ndata: {"code":"500","message":"Internal Server Error"}\n\n`,
    'close',
  ],
  [
    'sends a named error event',
    'error-event=named',
    `${A}\n\n${B}\n\nevent: error\ndata: {"code":"500","message":"Internal Server Error"}\n\n`,
    'close',
  ],
  ['is split', 'split=5 end-after=1', `${A}\n\n`, 'close'],
]

describe('planStream()', () => {
  for (const [name, directives, text, tail] of cases) {
    it(name, () => {
      const plan = planFor(`no-pad ${directives}`)
      assert.deepEqual([textOf(plan), plan.tail], [text, tail])
    })
  }

  it('splits bytes, not characters', () => {
    const { chunks } = planFor('no-pad split=5 end-after=1')
    assert.deepEqual(chunks.map(({ bytes }) => bytes.byteLength), [5, 5, 5])
  })

  it('pads every event with one to eleven letters', () => {
    const lines = textOf(planFor('no-done')).split('\n').filter(Boolean)
    const pads = lines.map((line) => JSON.parse(line.slice('data: '.length)).pad)
    assert.deepEqual(pads, ['aaaa', 'aaaaaaaaaaa', 'aaaaaaa'])
  })

  it('waits before the first event, and between events', () => {
    const { chunks } = planFor('first-delay=100 delay=7 no-done')
    assert.deepEqual(chunks.map(({ delay }) => delay), [100, 7, 7])
  })

  it('applies the delays of directives', () => {
    const { chunks } = planFor('no-done')
    assert.deepEqual(chunks.map(({ delay }) => delay), [15, 15, 15])
  })
})

function planFor(directives: string) {
  const events = [{ n: 1 }, { n: 2 }, { n: 3 }]
  const read = readDirectives(`[[sim:${directives}]]`)
  assert.equal(read.unknown, undefined)
  return planStream({ events, endsWithDone: true, textEvent, delay: 15 }, read.directives)
}

function textEvent(text: string): object {
  return { index: 0, message: { role: 'ASSISTANT', content: [{ type: 'TEXT', text }] } }
}

function textOf({ chunks }: ReturnType<typeof planStream>): string {
  const bytes = chunks.flatMap((chunk) => [...chunk.bytes])
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(bytes))
}
