import { sleep } from '../faults/upstream.ts'
import type { Reply } from '../reliability/client.ts'
import { countOf, type Form } from './form.ts'
import { answerOrdinarily, type AttackedGateway } from './gateway.ts'
import { brief, type Finding, problemIf, tally } from './outcome.ts'
import { watch } from './probe.ts'
import { encodeRequest } from './request.ts'
import type { AttackRequest, Bounds, Expectation, SequenceAttack, SequenceStep } from './row.ts'
import { askOnce } from './try-request.ts'

type RequestStep = Extract<SequenceStep, { do: 'ask' }>

/** Runs the steps in sequence and compares each outcome with the expected one. */
export async function trySequence(
  { steps, upstream: script }: SequenceAttack,
  bounds: Bounds,
  gateway: AttackedGateway,
  form: Form,
): Promise<Finding> {
  const { upstream } = gateway
  if (!upstream) throw new Error('Cannot script the answers of this gateway')
  const usual = upstream.choose
  const sent: string[] = []
  upstream.choose = (exchange) => {
    const lines = [...exchange.head.headers].map(([name, value]) => `${name}: ${value}`)
    sent.push([exchange.head.start, ...lines, '', exchange.body].join('\n'))
    return script?.(exchange, sent.length - 1) ?? answerOrdinarily(exchange)
  }
  const stop = watch(gateway, form)
  const problems: string[] = []
  const statuses: number[] = []
  let kept = ''
  try {
    for (const [at, step] of steps.entries()) {
      if (step.do === 'wait') {
        await sleep(step.ms)
        continue
      }
      const before = sent.length
      const replies = await askAll(step, kept, gateway.port, form)
      statuses.push(...replies.map(({ status }) => status))
      kept = step.keep?.exec(replies.at(-1)?.body ?? '')?.[1] ?? kept
      const found = problemsOf(replies, sent.slice(before), expectationOf(step.expect, form))
      problems.push(...found.map((text) => `step ${at + 1}: ${text}`))
    }
  } finally {
    upstream.choose = usual
  }
  const { health, memory } = stop()
  return {
    problems: [
      ...problems.slice(0, 6),
      ...problemIf(health > bounds.health, `/health took ${Math.round(health)} ms`),
    ],
    measures: { statuses: tally(statuses), health, memory },
  }
}

/** Extends the time limit in the short form, which runs on busy machines. */
function expectationOf(expect: Expectation, form: Form): Expectation {
  const { within } = expect
  return form === 'short' && within !== undefined ? { ...expect, within: 10 * within } : expect
}

async function askAll(
  { request, times = { full: 1, short: 1 }, parallel = 1 }: RequestStep,
  kept: string,
  port: number,
  form: Form,
): Promise<readonly Reply[]> {
  const replies: Reply[] = []
  let sent = 0
  const lane = async () => {
    while (sent++ < countOf(times, form)) {
      replies.push(await askOnce(port, encodeRequest(withKept(request, kept), port), 40_000))
    }
  }
  await Promise.all(Array.from({ length: parallel }, lane))
  return replies
}

function withKept(request: AttackRequest, kept: string): AttackRequest {
  const { body, path } = request
  if (kept === '') return request
  const isText = typeof body === 'object' && !(body instanceof Uint8Array)
  return {
    ...request,
    path: path.replace('KEPT', kept),
    ...(isText && { body: JSON.stringify(body).replaceAll('KEPT', kept) }),
  }
}

function problemsOf(
  replies: readonly Reply[],
  sent: readonly string[],
  { status, has, lacks, within = Infinity, calls, sentHas, sentLacks }: Expectation,
): readonly string[] {
  const raw = (reply: Reply) => `${reply.head}\n\n${reply.body}`
  const wrong = replies.find((reply) => !status.includes(reply.status))
  const without = replies.find((reply) => has && !has.test(raw(reply)))
  const leaking = replies.find((reply) => lacks?.test(raw(reply)))
  const slow = replies.find(({ took }) => took > within)
  const poor = sent.find((text) => sentHas && !sentHas.test(text))
  const harmful = sent.find((text) => sentLacks?.test(text))
  return [
    ...(wrong ? [`${wrong.status} (${wrong.end}) ${brief(wrong.body)}`] : []),
    ...(without ? [`lacks ${has}: ${brief(without.body)}`] : []),
    ...(leaking ? [`has ${lacks}: ${brief(lacks?.exec(raw(leaking))?.[0] ?? '')}`] : []),
    ...(slow ? [`took ${Math.round(slow.took)} ms`] : []),
    ...problemIf(
      calls !== undefined && (sent.length < calls[0] || sent.length > calls[1]),
      `${sent.length} calls to OCI`,
    ),
    ...(poor ? [`OCI got no ${sentHas}: "${brief(poor.split('\n\n').at(-1) ?? '')}"`] : []),
    ...(harmful ? [`OCI got "${brief(harmful)}"`] : []),
  ]
}
