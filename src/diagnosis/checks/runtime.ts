import { fail, type Finding, ok, warn } from '../finding.ts'
import type { Machine } from '../machine.ts'
import type { Session } from '../session.ts'

interface Support {
  name: string
  /** The gateway does not run on an older version; absent if there is no such limit. */
  minimum?: string
  /** The oldest version with which the gateway is tested. */
  tested: string
  upgrade: string
}

const SUPPORT: Readonly<Record<Machine['runtime']['name'], Support>> = {
  node: {
    ...{ name: 'Node', minimum: '24', tested: '24' },
    upgrade: 'npx -y -p node@24 -p oci-genai-gateway oci-gateway doctor',
  },
  bun: { name: 'Bun', tested: '1.4', upgrade: 'bun upgrade' },
  deno: { name: 'Deno', tested: '2.9', upgrade: 'deno upgrade' },
}

/** When Node's versions get no security fixes any more, from its release schedule. */
const END_OF_LIFE = new Map([
  ['24', '2028-04-30'],
  ['25', '2026-06-01'],
])

/** Whether the runtime is one that the gateway supports. */
export function checkRuntime({ machine }: Session): Finding {
  const { version } = machine.runtime
  const { name, minimum, tested, upgrade } = SUPPORT[machine.runtime.name]
  if (minimum !== undefined && isOlder(version, minimum)) {
    return fail('runtime_too_old', { runtime: name, version, minimum, upgrade })
  }
  if (isOlder(version, tested)) {
    return warn('runtime_untested', {
      runtime: name,
      version,
      tested: `${name} ${tested}`,
      upgrade,
    })
  }
  const major = version.split('.')[0] ?? ''
  const date = machine.runtime.name === 'node' ? END_OF_LIFE.get(major) : undefined
  return date !== undefined && machine.now() > Date.parse(date)
    ? warn('runtime_end_of_life', { major, date, upgrade })
    : ok(`${name} ${version}`)
}

/** Compares versions by as many parts as the second one has. */
function isOlder(version: string, than: string): boolean {
  const [own, other] = [version, than].map((text) => text.split('.').map(Number))
  for (const [index, part] of (other ?? []).entries()) {
    const difference = (own?.[index] || 0) - part
    if (difference !== 0) return difference < 0
  }
  return false
}
