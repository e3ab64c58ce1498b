import { createSimulator, type SimulatorOptions } from '../../src/simulator/app.ts'
import { createDemoIdentity } from '../../src/simulator/identity.ts'
import { createFakeHost, type FakeHost } from './fake-host.ts'

const identity = await createDemoIdentity()

/** A credential in the environment that the simulator accepts. */
export const CREDENTIAL = {
  OCI_CLI_TENANCY: identity.tenancy,
  OCI_CLI_USER: identity.user,
  OCI_CLI_FINGERPRINT: identity.fingerprint,
  OCI_CLI_KEY_CONTENT: identity.privateKey,
  OCI_CLI_REGION: 'us-chicago-1',
}

/** Creates a host whose network is the simulator of OCI in this process. */
export function createSimulatedHost(
  parts: Partial<FakeHost> = {},
  options: Partial<SimulatorOptions> = {},
): FakeHost {
  const { publicKeys } = identity
  const simulator = createSimulator({ publicKeys, eventDelay: 0, ...options })
  return createFakeHost({
    fetch: (url, init) => simulator.fetch(new Request(url, init)),
    ...parts,
    env: { ...CREDENTIAL, ...parts.env },
  })
}
