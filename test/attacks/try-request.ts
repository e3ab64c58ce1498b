import { countCpu } from '../../bench/processes.ts'
import { createClient, type Reply } from '../reliability/client.ts'
import { type Form, SIZES, TIMEOUT } from './form.ts'
import type { Runtime } from '../runtimes/start.ts'
import type { AttackedGateway } from './gateway.ts'
import { brief, type CrowdMeasures, type Finding, problemIf, tally } from './outcome.ts'
import { busyPart } from './probe-order.ts'
import { watch } from './probe.ts'
import { encodeRequest } from './request.ts'
import type { AnswerAttack, Bounds, MixtureAttack, RequestAttack } from './row.ts'

const MEGABYTE = 2 ** 20
/**
 * Concurrent requests of the large size. The Workers platform limits an isolate to 128 MB (Cloudflare's
 * documentation, 2026-11), so that no isolate can receive 32 of them.
 */
const CROWD: Readonly<Record<Runtime, number>> = { node: 32, bun: 32, deno: 32, workers: 4 }
/** Milliseconds that OCI takes for each of them. */
const CROWD_DELAY = 1_000
/** Error types of OpenAI's and Anthropic's APIs. */
const OVERLOADED = [503, 529]

/** Sends a request at two sizes and compares the time per MB; of some rows, then many at once. */
export async function tryRequest(
  attack: RequestAttack,
  bounds: Bounds,
  gateway: AttackedGateway,
  form: Form,
): Promise<Finding> {
  const [small, large] = SIZES[form]
  // Created in advance, because this process cannot watch the gateway while it creates them.
  const requests = [form === 'full' ? small : 0, large]
    .map((bytes) => encodeRequest(attack.make(bytes), gateway.port))
  const alone = await compareSizes({
    ...{ sizes: SIZES[form], bounds, gateway, form, statuses: attack.statuses ?? OF_CONTENT },
    async send(bytes) {
      const request = requests[bytes === small ? 0 : 1] ?? Buffer.alloc(0)
      return [await askOnce(gateway.port, request, TIMEOUT[form]), request.length]
    },
  })
  if (alone.problems.length > 0 || form === 'short' || !attack.crowd) return alone
  const { statuses = OF_CONTENT } = attack
  const crowd = await tryCrowd([requests[1] ?? Buffer.alloc(0)], {
    statuses,
    bounds,
    gateway,
    form,
  })
  return {
    problems: [...alone.problems, ...crowd.problems],
    measures: { ...alone.measures, crowd: crowd.measures },
  }
}

/** Sends large requests of many kinds: as many at once as a crowd has, until each was sent. */
export async function tryMixture(
  attack: MixtureAttack,
  bounds: Bounds,
  gateway: AttackedGateway,
  form: Form,
): Promise<Finding> {
  const [, large] = SIZES[form]
  const requests = attack.make(large).map((request) => encodeRequest(request, gateway.port))
  const count = CROWD[gateway.target.runtime]
  const crowds: Crowd[] = []
  for (let at = 0; at < requests.length; at += count) {
    const some = requests.slice(at, at + count)
    crowds.push(await tryCrowd(some, { statuses: OF_CONTENT, bounds, gateway, form }))
  }
  const worst = (member: 'health' | 'memory') =>
    Math.max(...crowds.map(({ measures }) => measures[member] ?? 0))
  const crowd = { count, health: worst('health'), memory: worst('memory') }
  return {
    problems: crowds.flatMap(({ problems }) => problems),
    measures: { crowd: { ...crowd, statuses: tally(crowds.flatMap(({ replied }) => replied)) } },
  }
}

/** Sends a small request for each of two sizes of OCI's answer. */
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
      async send(bytes) {
        upstream.choose = () => bytes === small ? first : second
        return [await askOnce(port, request, TIMEOUT[form]), bytes]
      },
    })
  } finally {
    upstream.choose = usual
  }
}

const SCHEMA = { type: 'object', properties: {} }
/** With a tool, because tool calls are extracted only from requests with tools. */
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
  /** Sends one request of a size; resolves with the reply and the measured bytes. */
  send(bytes: number): Promise<readonly [Reply, bytes: number]>
}

/** The short form sends the large size only: clearly super-linear work exceeds its time limit. */
async function compareSizes(comparison: Comparison): Promise<Finding> {
  const { sizes: [small, large], bounds, gateway, form } = comparison
  const isFull = form === 'full'
  const stop = watch(gateway, form)
  const first = isFull ? await bestOf(2, small, comparison) : undefined
  const isLost = first !== undefined && first.problems.length > 0
  const isQuick = (timed: Timed) => problemsOfGrowth(first, timed, bounds).length === 0
  const second = isLost ? first : await bestOf(LARGE_TRIES, large, comparison, isQuick)
  const { health, memory } = stop()
  return {
    problems: [
      ...second.problems,
      ...(isLost ? [] : problemsOfGrowth(first, second, bounds)),
      ...problemsOf(health, memory, bounds),
    ],
    measures: {
      statuses: tally(second.statuses),
      perMb: [first?.perMb ?? NaN, isLost ? NaN : second.perMb],
      health,
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

/** Attempts at the large size while its time exceeds the bound: another program may disturb one. */
const LARGE_TRIES = 3

/** The fastest of several attempts; stops at the first one within the bound. */
async function bestOf(
  tries: number,
  bytes: number,
  comparison: Comparison,
  isEnough: (timed: Timed) => boolean = () => false,
): Promise<Timed> {
  let best: Timed | undefined
  for (let round = 0; round < tries && !(best && isEnough(best)); round++) {
    const timed = await timeOne(bytes, comparison)
    if (timed.problems.length > 0) return timed
    if (!best || timed.took < best.took) best = timed
  }
  return best ?? { took: NaN, perMb: NaN, statuses: [0], problems: [] }
}

async function timeOne(
  bytes: number,
  { send, statuses: right, gateway, form }: Comparison,
): Promise<Timed> {
  const usedCpu = countCpu(gateway.members)
  const [{ took: wait, status, end, body }, length] = await send(bytes)
  const took = form === 'short' ? busyPart(wait, usedCpu()) : wait
  const isRight = right.includes(status) && end !== 'timeout'
  return {
    took,
    perMb: took / (length / MEGABYTE),
    statuses: [status],
    problems: problemIf(
      !isRight,
      `${Math.round(bytes / 1024)} KiB: ${status} (${end}) ${brief(body)}`,
    ),
  }
}

interface CrowdOptions {
  statuses: readonly number[]
  bounds: Bounds
  gateway: AttackedGateway
  form: Form
}

interface Crowd {
  problems: readonly string[]
  measures: CrowdMeasures
  /** The statuses of the answers. */
  replied: readonly number[]
}

/** Sends many concurrent requests, the bodies in rotation. */
async function tryCrowd(
  requests: readonly Buffer[],
  { statuses, bounds, gateway, form }: CrowdOptions,
): Promise<Crowd> {
  gateway.sink?.delay(form === 'full' ? CROWD_DELAY : 0)
  const stop = watch(gateway, form)
  const count = CROWD[gateway.target.runtime]
  const all = Array.from({ length: count }, (_, at) => requests[at % requests.length])
  const replies = await Promise.all(
    all.map((request = Buffer.alloc(0)) => askOnce(gateway.port, request, 60_000)),
  )
  const { health, memory } = stop()
  gateway.sink?.delay(0)
  const replied = replies.map(({ status }) => status)
  const wrong = replies.filter(({ status }) => ![...statuses, ...OVERLOADED].includes(status))
  return {
    problems: [
      ...problemIf(
        wrong.length > 0,
        `${wrong.length} of ${count} at once: ${wrong[0]?.status} (${wrong[0]?.end}) ${
          brief(wrong[0]?.body ?? '')
        }`,
      ),
      ...problemsOf(health, memory, { ...bounds, health: bounds.crowdHealth }).map((text) =>
        `${count} at once: ${text}`
      ),
    ],
    replied,
    measures: { count, statuses: tally(replied), health, memory },
  }
}

/** Sends one request on a separate connection. */
export async function askOnce(port: number, request: Uint8Array, patience: number): Promise<Reply> {
  const client = createClient(port)
  const reply = await client.ask(request, { patience })
  client.close()
  return reply
}
