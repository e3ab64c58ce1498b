import { TOKEN_RETRY } from '../oci/auth/dependencies.ts'
import { openCredential } from '../oci/auth/open-credential.ts'
import type { Principal } from '../oci/auth/principal.ts'
import { createClock } from '../oci/http/clock.ts'
import { createSender, type Send } from '../oci/http/send.ts'
import { readVaultSecret } from '../oci/vault/read-secret.ts'
import type { Environment } from '../platform.ts'
import type { Host } from './host.ts'

/** Milliseconds to wait for the headers of an answer. */
const RESPONSE_TIMEOUT = 20_000

/** The credential that the environment selects, and a function that signs calls with it. */
export interface OpenedPrincipal {
  principal: Principal
  send: Send
}

/** Opens a credential with the files and the network of a command's host, without a gateway. */
export async function openHostPrincipal(
  { files, fetch, fetchWithCa, now }: Host,
  environment: Environment,
  { nativeBearer }: { nativeBearer?: boolean } = {},
): Promise<OpenedPrincipal> {
  const platform = { fetch, now, log: () => {}, randomId: () => crypto.randomUUID() }
  const clock = createClock(now)
  const principal = await openCredential({
    ...{ environment, files, platform, clock, fetchWithCa, retry: TOKEN_RETRY },
    ...{ sharePromises: true, nativeBearer },
  })
  const { credential } = principal
  const send = createSender({ credential, clock, platform, responseTimeout: RESPONSE_TIMEOUT })
  return { principal, send }
}

/** Reads a secret of OCI Vault with the credential that the environment selects. */
export async function readHostSecret(
  id: string,
  host: Host,
  env: Environment,
): Promise<string> {
  const { send, principal } = await openHostPrincipal(host, env)
  return await readVaultSecret(id, { send, region: principal.region, env })
}
