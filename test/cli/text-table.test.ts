import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Column, cutText, textTable, textWidth } from '../../src/cli/text-table.ts'
import { FakeOutput } from './fake-host.ts'

const COLUMNS: readonly Column[] = [
  { title: 'ID', minWidth: 8 },
  { title: 'Tokens', align: 'right' },
  { title: 'Regions', omitOrder: 1 },
  { title: 'Retires', omitOrder: 2 },
]
const LONG = 'meta.llama-4-maverick-17b-128e-instruct-fp8'
const ROWS = [[LONG, '128', 'us-chicago-1, eu-frankfurt-1', '2027-01-01'], ['a.b', '4', '–', '–']]

function tableOn(columns: number, rows = ROWS) {
  return textTable(COLUMNS, rows, new FakeOutput({ isTerminal: true, columns }))
}

describe('textTable()', () => {
  it('neither cuts nor styles lines that are not for a terminal', () => {
    const { text, omitted } = textTable(COLUMNS, ROWS, new FakeOutput({ columns: 20 }))
    assert.deepEqual(omitted, [])
    assert.deepEqual(text.split('\n'), [
      'ID                                           Tokens  Regions                       Retires',
      `${LONG}     128  us-chicago-1, eu-frankfurt-1  2027-01-01`,
      'a.b                                               4  –                             –',
      '',
    ])
  })

  it('cuts the widest columns on a terminal', () => {
    assert.deepEqual(tableOn(60).text.split('\n'), [
      'ID                   Tokens  Regions              Retires',
      'meta.llama-4-maver…     128  us-chicago-1, eu-f…  2027-01-01',
      'a.b                       4  –                    –',
      '',
    ])
  })

  it('leaves columns out before cells are shorter than their minimum', () => {
    const cases: [columns: number, omitted: string[]][] = [
      [120, []],
      [40, []],
      [39, ['Retires']],
      [28, ['Retires']],
      [27, ['Regions', 'Retires']],
      [10, ['Regions', 'Retires']],
    ]
    for (const [columns, omitted] of cases) {
      const table = tableOn(columns)
      assert.deepEqual(table.omitted, omitted, `${columns} columns`)
      const widths = table.text.split('\n').map(textWidth)
      assert.ok(Math.max(...widths) <= columns, table.text)
    }
  })

  it('counts East Asian characters and emoji, and writes one line per row', () => {
    const { text } = tableOn(80, [['日本語', '1', '👩‍👩‍👧', ''], ['x\ny', '2', 'é', '']])
    assert.deepEqual(text.split('\n').slice(1), ['日本語       1  👩‍👩‍👧', 'x y          2  é', ''])
  })

  it('has a title and no row for no models, and dims the title with colors', () => {
    assert.equal(tableOn(80, []).text, 'ID  Tokens  Regions  Retires\n')
    const output = new FakeOutput({ isTerminal: true, hasColors: true })
    assert.equal(textTable([{ title: 'ID' }], [], output).text, '\x1b[2mID\x1b[22m\n')
  })
})

describe('cutText()', () => {
  const cases: [text: string, width: number, cut: string][] = [
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['abcd', 1, '…'],
    ['abcd', 0, ''],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['a👩‍👩‍👧b', 3, 'a…'],
    ['ée\u0301ée', 3, 'ée\u0301…'],
    ['\x1b[31mabcd\x1b[39m', 3, '\x1b[31mab…\x1b[0m'],
  ]
  for (const [text, width, cut] of cases) {
    it(`cuts ${JSON.stringify(text)} to ${width} columns`, () => {
      assert.equal(cutText(text, width), cut)
      assert.ok(textWidth(cut) <= width)
    })
  }
})
