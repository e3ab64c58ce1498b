import { type Client, createClient, type Reply } from '../reliability/client.ts'
import { quantile } from '../reliability/figures.ts'
import { countOf, type Form } from './form.ts'
import type { AttackedGateway } from './gateway.ts'
import { brief, type Finding, problemIf } from './outcome.ts'
import { watch } from './probe.ts'
import { createRandom, pick } from './random.ts'
import { encodeRequest } from './request.ts'
import type { Bounds, SoakAttack } from './row.ts'

const LANES = 8
/** Share of a soak's requests that the quiet run sends. */
const QUIET = 0.2
/** The longest duration of the mixed run in milliseconds; the short form has little time. */
const MAX_DURATION: Readonly<Record<Form, number>> = { full: 60_000, short: 1_500 }
/** Milliseconds that a hostile client waits for its answer. */
const HOSTILE_TIMEOUT = 5_000
/** Milliseconds of a p99 below which the load of the machine decides, not the gateway. */
const MIN_P99: Readonly<Record<Form, number>> = { full: 25, short: 250 }

/** Sends ordinary requests alone, then mixed with hostile ones, at the same concurrency. */
export async function trySoak(
  attack: SoakAttack,
  bounds: Bounds,
  gateway: AttackedGateway,
  form: Form,
): Promise<Finding> {
  const { upstream } = gateway
  if (!upstream) throw new Error('Cannot script the answers of this gateway')
  const usual = upstream.choose
  let calls = 0
  upstream.choose = (exchange) => attack.upstream(exchange, calls++)
  const times = countOf(attack.times, form)
  const quietly = { ...attack, hostileShare: 0 }
  const longest = MAX_DURATION[form]
  await soak(quietly, gateway.port, Math.min(500, times * QUIET), longest * QUIET)
  const quiet = await soak(quietly, gateway.port, times * QUIET, longest * QUIET)
  const stop = watch(gateway, form)
  const mixed = await soak(attack, gateway.port, times, longest)
  const { health, memory } = stop()
  upstream.choose = usual
  const failed = mixed.filter(({ status }) => status !== 200)
  const [usually, now] = [p99(quiet), p99(mixed)]
  return {
    problems: [
      ...problemIf(
        failed.length > 0,
        `${failed.length} of ${mixed.length} ordinary requests failed: ${failed[0]?.status} ${
          brief(failed[0]?.body ?? '')
        }`,
      ),
      ...problemIf(
        now > countOf(attack.slower, form) * Math.max(usually, MIN_P99[form]),
        `p99 ${Math.round(now)} ms, ${Math.round(usually)} ms in a quiet run`,
      ),
      ...problemIf(health > bounds.health, `/health took ${Math.round(health)} ms`),
      ...problemIf(memory > bounds.memory, `${Math.round(memory)} MiB`),
    ],
    measures: { p99: now, health, memory },
  }
}

function p99(replies: readonly Reply[]): number {
  return quantile(replies.map(({ took }) => took), 0.99)
}

/** The replies to the ordinary requests. */
async function soak(
  { hostile, ordinary, hostileShare }: SoakAttack,
  port: number,
  times: number,
  longest: number,
): Promise<readonly Reply[]> {
  const until = performance.now() + longest
  const random = createRandom(2)
  const replies: Reply[] = []
  const request = encodeRequest(ordinary, port)
  const attacks = hostile.map((one) => () => encodeRequest(one, port))
  let begun = 0
  const lane = async () => {
    const [well, ill]: [Client, Client] = [createClient(port), createClient(port)]
    while (begun++ < times && performance.now() < until) {
      if (random() < hostileShare) {
        await ill.ask(pick(attacks, random)(), { patience: HOSTILE_TIMEOUT })
      } else replies.push(await well.ask(request))
    }
    well.close()
    ill.close()
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return replies
}
