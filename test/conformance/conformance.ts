/**
 * Sends requests of every kind through the gateway and checks each answer and each event against the
 * types that OpenAI and Anthropic publish in their packages, and the order of the events:
 *
 *   npm run test:conformance                 all requests
 *   npm run test:conformance -- responses    only requests whose name contains this text
 *
 * The last line of the output is `N passed, N failed`.
 */
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { readTypes, TYPES } from '../../tools/published-types.ts'
import type { Checked, Violation } from './checked.ts'
import { compile } from './compile.ts'
import { adapt, unused } from './deviations.ts'
import { distinct } from './distinct.ts'
import { exchange, type Request } from './exchange.ts'
import { openGateways, type ScriptedGateway } from './gateways.ts'
import { CHAT } from './requests/chat.ts'
import { MESSAGES } from './requests/messages.ts'
import { RESPONSES } from './requests/responses.ts'
import { SCRIPTED } from './requests/scripted.ts'
import { SMALL } from './requests/small.ts'

const [filter = ''] = process.argv.slice(2)
const requests = [...SCRIPTED, ...CHAT, ...RESPONSES, ...MESSAGES, ...SMALL]
const startedAt = performance.now()
const { checked, violations } = await sendAll(requests.filter(({ name }) => name.includes(filter)))
const sentAt = performance.now()
const occurring = new Set<string>()
const compiled = distinct(checked.map((value) => adapt(value, occurring)))
const tables = filter === '' ? [...unusedDeviations(), ...await outdatedTypes()] : []
print([...violations, ...await compile(compiled), ...tables])

function unusedDeviations(): Violation[] {
  return unused(occurring).map((message) => ({
    request: 'deviations.ts',
    path: 'a deviation that does not occur',
    message,
  }))
}

async function sendAll(
  requests: readonly Request[],
): Promise<{ checked: Checked[]; violations: Violation[] }> {
  const gateways = await openGateways()
  const checked: Checked[] = []
  const violations: Violation[] = []
  const rest = [...requests].reverse()
  for (let request = rest.pop(); request; request = rest.pop()) {
    // All gateways are open.
    const gateway = gateways.get(request.gateway) as ScriptedGateway
    gateway.script(request.upstream)
    const exchanged = await exchange(request, gateway)
    for (const value of exchanged.checked) checked.push(value)
    for (const violation of exchanged.violations) violations.push(violation)
    if (exchanged.status !== 200 || !request.then) continue
    rest.push(...[...request.then(exchanged.answer as { id: string })].reverse())
  }
  return { checked, violations }
}

/** The types from which `test/conversations/` creates histories must be those of the packages. */
async function outdatedTypes(): Promise<Violation[]> {
  if (await readFile(TYPES, 'utf8') === readTypes()) return []
  return [{
    request: 'test/fixtures/published/inputs.json',
    path: 'file',
    message: 'differs from the installed packages. Run: node tools/published-types.ts',
  }]
}

function print(violations: readonly Violation[]): void {
  for (const { request, path, message } of violations) {
    process.stdout.write(`${request}\n  ${path}\n    ${message}\n`)
  }
  const seconds = [sentAt - startedAt, performance.now() - sentAt].map((ms) =>
    (ms / 1000).toFixed(1)
  )
  process.stdout.write(
    `sent in ${seconds[0]} s, ${compiled.length} distinct ones compiled in ${seconds[1]} s\n`,
  )
  process.stdout.write(
    `${checked.length} answers and events checked, ${violations.length} violations\n`,
  )
  const failed = violations.length
  process.stdout.write(`${checked.length - failed} passed, ${failed} failed\n`)
  process.exitCode = failed === 0 ? 0 : 1
}
