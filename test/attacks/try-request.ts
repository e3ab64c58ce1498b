import { createClient, type Reply } from '../reliability/client.ts'
import { type Form, PATIENCE, SIZES } from './form.ts'
import type { AttackedGateway } from './gateway.ts'
import { brief, type Finding, problemIf, tally } from './outcome.ts'
import { watch } from './probe.ts'
import { encodeRequest } from './request.ts'
import type { AnswerAttack, Bounds, RequestAttack } from './row.ts'

const MEGABYTE = 2 ** 20
/** Requests of the large size at once, and the milliseconds that OCI takes for each. */
const CROWD = 32
const CROWD_DELAY = 1_000

/** Sends a request at two sizes and compares the time per MB; then many of them at once. */
export async function tryRequest(
  attack: RequestAttack,
  bounds: Bounds,
  gateway: AttackedGateway,
  form: Form,
): Promise<Finding> {
  const [small, large] = SIZES[form]
  // Made beforehand: making them takes this process so long that it could not watch.
  const requests = [form === 'full' ? small : 0, large]
    .map((bytes) => encodeRequest(attack.make(bytes), gateway.port))
  const alone = await compareSizes({
    ...{ sizes: SIZES[form], bounds, gateway, form, statuses: attack.statuses ?? OF_CONTENT },
    async ask(bytes) {
      const request = requests[bytes === small ? 0 : 1] ?? Buffer.alloc(0)
      return [await askOnce(gateway.port, request, PATIENCE[form]), request.length]
    },
  })
  if (alone.problems.length > 0 || form === 'short' || !attack.crowd) return alone
  const crowd = await tryCrowd(requests[1] ?? Buffer.alloc(0), attack, bounds, gateway)
  return joinFindings(alone, crowd)
}

/** Plays an answer of OCI at two sizes, each for a small request. */
export async function tryAnswer(
  { model, stream, make, statuses, path = '/v1/chat/completions' }: AnswerAttack,
  bounds: Bounds,
  gateway: AttackedGateway,
  form: Form,
): Promise<Finding> {
  const { upstream, port } = gateway
  if (!upstream) throw new Error('Cannot script the answers of this gateway')
  const request = encodeRequest({ path, body: { model, stream, ...BODIES[path] } }, port)
  const usual = upstream.choose
  const [small, large] = SIZES[form]
  const [first, second] = [make(small), make(large)]
  try {
    return await compareSizes({
      ...{ sizes: SIZES[form], bounds, gateway, form, statuses },
      async ask(bytes) {
        upstream.choose = () => bytes === small ? first : second
        return [await askOnce(port, request, PATIENCE[form]), bytes]
      },
    })
  } finally {
    upstream.choose = usual
  }
}

const SCHEMA = { type: 'object', properties: {} }
/** With a tool, since tool calls are looked for where there are tools. */
const BODIES = {
  '/v1/chat/completions': {
    messages: [{ role: 'user', content: 'Hi' }],
    tools: [{ type: 'function', function: { name: 'f', parameters: SCHEMA } }],
  },
  '/v1/responses': { input: 'Hi', tools: [{ type: 'function', name: 'f', parameters: SCHEMA }] },
  '/v1/messages': {
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Hi' }],
    tools: [{ name: 'f', input_schema: SCHEMA }],
  },
} as const

const OF_CONTENT = [200, 400, 413, 422] as const

interface Comparison {
  sizes: readonly [small: number, large: number]
  bounds: Bounds
  gateway: AttackedGateway
  form: Form
  statuses: readonly number[]
  /** Sends one of a size; resolves with the reply and the bytes that it was about. */
  ask(bytes: number): Promise<readonly [Reply, bytes: number]>
}

/** The short form sends the large size only: what is far from linear takes far too long for it. */
async function compareSizes(comparison: Comparison): Promise<Finding> {
  const { sizes: [small, large], bounds, gateway, form } = comparison
  const isFull = form === 'full'
  const stop = watch(gateway)
  const first = isFull ? await bestOf(3, small, comparison) : undefined
  const isLost = first !== undefined && first.problems.length > 0
  const second = isLost ? first : await bestOf(isFull ? 2 : 1, large, comparison)
  const { health, memory } = stop()
  return {
    problems: [
      ...second.problems,
      ...(isLost ? [] : problemsOfGrowth(first, second, bounds)),
      ...problemsOf(health.most, memory, bounds),
    ],
    measures: {
      statuses: tally(second.statuses),
      perMb: [first?.perMb ?? NaN, isLost ? NaN : second.perMb],
      health: health.most,
      memory,
    },
  }
}

function problemsOfGrowth(
  first: Timed | undefined,
  second: Timed,
  { growth, negligible }: Bounds,
): readonly string[] {
  if (second.took <= negligible) return []
  if (!first) return [`took ${Math.round(second.took)} ms`]
  const isSlow = second.perMb > growth * first.perMb
  const [before, now] = [Math.round(first.perMb), Math.round(second.perMb)]
  return problemIf(isSlow, `${before} ms per MB, then ${now}`)
}

function problemsOf(health: number, memory: number, bounds: Bounds): readonly string[] {
  return [
    ...problemIf(health > bounds.health, `/health took ${Math.round(health)} ms`),
    ...problemIf(memory > bounds.memory, `${Math.round(memory)} MiB`),
  ]
}

interface Timed {
  took: number
  perMb: number
  statuses: readonly number[]
  problems: readonly string[]
}

/** The quickest of some tries: the others were disturbed. */
async function bestOf(
  tries: number,
  bytes: number,
  { ask, statuses: right }: Comparison,
): Promise<Timed> {
  const seen: { took: number; perMb: number; status: number }[] = []
  for (let round = 0; round < tries; round++) {
    const [reply, length] = await ask(bytes)
    const { took, status } = reply
    seen.push({ took, perMb: took / (length / MEGABYTE), status })
    if (!right.includes(status) || reply.end === 'timeout') {
      const said = `${Math.round(bytes / 1024)} KiB: ${status} (${reply.end}) ${brief(reply.body)}`
      return { took, perMb: took / (length / MEGABYTE), statuses: [status], problems: [said] }
    }
  }
  const best = seen.toSorted((one, other) => one.took - other.took)[0]
  return {
    took: best?.took ?? NaN,
    perMb: best?.perMb ?? NaN,
    statuses: [best?.status ?? 0],
    problems: [],
  }
}

async function tryCrowd(
  request: Buffer,
  { statuses = OF_CONTENT }: RequestAttack,
  bounds: Bounds,
  gateway: AttackedGateway,
): Promise<Finding> {
  gateway.sink?.delay(CROWD_DELAY)
  const stop = watch(gateway)
  const replies = await Promise.all(
    Array.from({ length: CROWD }, () => askOnce(gateway.port, request, 60_000)),
  )
  const { health, memory } = stop()
  gateway.sink?.delay(0)
  const wrong = replies.filter(({ status }) => ![...statuses, 503].includes(status))
  return {
    problems: [
      ...problemIf(
        wrong.length > 0,
        `${wrong.length} of ${CROWD} at once: ${wrong[0]?.status} (${wrong[0]?.end}) ${
          brief(wrong[0]?.body ?? '')
        }`,
      ),
      ...problemsOf(health.most, memory, { ...bounds, health: bounds.crowdHealth }).map((text) =>
        `${CROWD} at once: ${text}`
      ),
    ],
    measures: { statuses: tally(replies.map(({ status }) => status)), health: health.most, memory },
  }
}

function joinFindings(one: Finding, other: Finding): Finding {
  return {
    problems: [...one.problems, ...other.problems],
    measures: {
      ...one.measures,
      statuses: other.measures.statuses ?? {},
      health: Math.max(one.measures.health ?? 0, other.measures.health ?? 0),
      memory: Math.max(one.measures.memory ?? 0, other.measures.memory ?? 0),
    },
  }
}

/** One request on a connection of its own. */
export async function askOnce(port: number, request: Uint8Array, patience: number): Promise<Reply> {
  const client = createClient(port)
  const reply = await client.ask(request, { patience })
  client.close()
  return reply
}
