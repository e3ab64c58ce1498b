import type { SimulatorOptions } from '../../src/simulator/app.ts'
import type { FakeHost } from './fake-host.ts'
import { createSimulatedHost } from './simulated-host.ts'

/** Where `probe` writes by default. */
export const FILE = '/work/capabilities.json'

/** A host in front of a simulator, with the native requests that OCI receives. */
export function createWorld(
  options: Partial<SimulatorOptions> = {},
  env: Record<string, string> = {},
): { host: FakeHost; requests: Record<string, unknown>[]; paths: string[] } {
  const requests: Record<string, unknown>[] = []
  const paths: string[] = []
  const host = createSimulatedHost({ env }, {
    ...options,
    onRequest: ({ method, path, json }) => {
      if (method !== 'POST') return
      paths.push(path)
      requests.push(json as Record<string, unknown>)
    },
  })
  return { host, requests, paths }
}
