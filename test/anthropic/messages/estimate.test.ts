import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { estimateTokens } from '../../../src/anthropic/messages/estimate.ts'
import { cpuTimeOf } from '../../cpu-time.ts'

/** Counted with the real vocabularies. */
const texts: [kind: string, text: string, o200k: number, llama3: number][] = [
  [
    'English',
    'Could you please look at the failing test in the payments module and tell me why it breaks? ' +
    'I think the problem started after we upgraded the database driver last week, but I am not ' +
    'sure. If you find the cause, write a short summary first, then propose a fix, and only ' +
    'change the code after I have agreed.',
    66,
    66,
  ],
  [
    'code',
    'export async function readLines(file: string, options: { encoding?: string } = {}): ' +
    "Promise<string[]> {\n  const { encoding = 'utf8' } = options\n  const text = await " +
    'readFile(file, encoding)\n  // The last line may lack its newline.\n  return ' +
    'text.split(/\\r?\\n/).filter((line, index, all) => index < all.length - 1 || ' +
    "line !== '')\n}\n",
    88,
    87,
  ],
  [
    "a tool's JSON",
    JSON.stringify({
      name: 'search_orders',
      description: 'Searches the orders of a customer by date and status',
      input_schema: {
        type: 'object',
        properties: {
          customer_id: { type: 'string', description: 'The id of the customer' },
          since: { type: 'string', format: 'date' },
          status: { type: 'string', enum: ['open', 'shipped', 'cancelled'] },
          limit: { type: 'integer', minimum: 1, maximum: 100 },
        },
        required: ['customer_id'],
        additionalProperties: false,
      },
    }),
    99,
    95,
  ],
  [
    'Chinese',
    '今天天气很好，我们决定去公园散步。公园里有很多人，有的在跑步，有的在打太极拳，' +
    '还有的带着孩子放风筝。中午我们在湖边的小餐馆吃了饭，点了一份红烧鱼和两碗米饭。' +
    '下午回家以后，我写了一封信给住在上海的朋友，告诉他最近工作上的事情，' +
    '并约他下个月一起去旅行。',
    97,
    100,
  ],
  [
    'Japanese',
    '昨日の夜、友達と一緒に駅前のレストランで晩ご飯を食べました。とても混んでいたので、' +
    '三十分ぐらい待たなければなりませんでしたが、料理は本当においしかったです。' +
    '食事の後、川沿いの道を歩きながら、来年の夏休みの計画について話しました。',
    89,
    78,
  ],
  [
    'German',
    'Gestern Abend haben wir nach der Arbeit beschlossen, noch einen Spaziergang am Fluss zu ' +
    'machen. Das Wetter war ungewöhnlich mild, und überall saßen Menschen auf den Bänken und ' +
    'unterhielten sich. Später kehrten wir in einer kleinen Gaststätte ein, in der es ' +
    'hausgemachte Kartoffelsuppe gab.',
    67,
    81,
  ],
]

describe('estimateTokens()', () => {
  for (const [kind, text, o200k, llama3] of texts) {
    it(`N15 counts ${kind} within 15 % of GPT's vocabulary, and 25 % of Llama's`, () => {
      const estimate = estimateTokens(text)
      assert.ok(Math.abs(estimate / o200k - 1) < 0.15, `${estimate} for ${o200k}`)
      assert.ok(Math.abs(estimate / llama3 - 1) < 0.25, `${estimate} for ${llama3}`)
    })
  }

  it('counts an empty text as 0', () => {
    assert.equal(estimateTokens(''), 0)
  })

  it('extrapolates a long text from its beginning', () => {
    const text = 'some words of text '.repeat(50_000)
    let tokens = 0
    const ms = cpuTimeOf(() => tokens = estimateTokens(text))
    const ratio = tokens / (50 * estimateTokens('some words of text '.repeat(1_000)))
    assert.ok(Math.abs(ratio - 1) < 0.01, `${ratio}`)
    assert.ok(ms < 500, `${ms} ms`)
  })
})
