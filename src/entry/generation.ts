import type { Hono } from 'hono'
import { createApp } from '../app.ts'
import type { AppState } from '../app-state.ts'
import { readCapabilities, withCapabilities } from '../config/capabilities.ts'
import type { ReadConfig } from '../config/changes.ts'
import { withCredential } from '../config/environment.ts'
import type { Config } from '../config/read.ts'
import type { ConfigFile } from '../config/schema.ts'
import { resolveSecrets, withCredentialSecrets } from '../config/secrets.ts'
import { isLoopback } from '../loopback.ts'
import type { StoreServices } from '../metering/store-services.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { TOKEN_RETRY } from '../oci/auth/dependencies.ts'
import { openCredential } from '../oci/auth/open-credential.ts'
import type { Principal } from '../oci/auth/principal.ts'
import { createOciClient, type OciClient } from '../oci/client.ts'
import type { OciSetup } from '../oci/context.ts'
import type { OciClock } from '../oci/http/clock.ts'
import { createSender } from '../oci/http/send.ts'
import type { Region } from '../oci/regions.ts'
import { readVaultSecret } from '../oci/vault/read-secret.ts'
import type { Files, Platform } from '../platform.ts'
import type { GatewayFacts } from '../telemetry/gateway-facts.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { GatewayOptions } from './gateway-options.ts'
import { ociSetup, regionsOf } from './oci-setup.ts'
import type { OciState } from './oci-state.ts'

/** What all generations of a gateway have in common before the first one is open. */
export interface GatewayBase {
  options: GatewayOptions
  /** Those of the options, with warnings about permissions. */
  files: Files | undefined
  platform: Platform
  clock: OciClock
}

/** A configuration whose credential is loaded and whose secrets are known. */
export interface OpenedConfig extends ReadConfig {
  principal: Principal
  regions: readonly [Region, ...Region[]]
}

/** Everything that is made from one configuration. A reload replaces it; nothing has to be closed. */
export interface Generation extends OpenedConfig {
  setup: OciSetup
  oci: OciClient
  app: Hono<GatewayEnvironment>
}

/** What the generations share. */
export interface SharedParts {
  appState: AppState
  ociState: OciState
  stored: StoreServices | undefined
  telemetry: Telemetry
}

/** Loads the credential of a configuration and resolves the secrets in it. */
export async function openConfig(
  merged: ConfigFile,
  written: Config,
  { options, files, platform, clock }: GatewayBase,
): Promise<OpenedConfig> {
  const { env, fetchWithCa, sharePromises = true } = options
  const capabilities = await readCapabilities(written.capabilities, env, files)
  const principal = await openCredential({
    environment: await withCredentialSecrets(withCredential(env, written.credential), files),
    ...{ files, platform, clock, fetchWithCa, retry: TOKEN_RETRY, sharePromises },
    nativeBearer: capabilities?.nativeBearer,
  })
  const regions = regionsOf(written, principal, env)
  const { response: responseTimeout } = written.timeouts
  const send = createSender({ credential: principal.credential, clock, platform, responseTimeout })
  const readVault = (id: string) => readVaultSecret(id, { send, region: regions[0], env })
  const resolved = await resolveSecrets(written, { env, files, readVault })
  const config = withCapabilities(resolved, capabilities)
  return { merged, config, capabilities, principal, regions }
}

/** Creates the client of OCI. */
export function openClient(
  opened: OpenedConfig,
  { options: { env }, platform, clock }: GatewayBase,
  state: OciState,
): Pick<Generation, 'setup' | 'oci'> {
  const setup = ociSetup(opened.config, opened.principal, { env, platform, clock, state })
  return { setup, oci: createOciClient(setup) }
}

/** Completes a generation with its app. */
export async function createGeneration(
  opened: OpenedConfig & Pick<Generation, 'setup' | 'oci'>,
  { options: { exposed = false }, platform, clock }: GatewayBase,
  { appState, stored, telemetry }: Omit<SharedParts, 'ociState'>,
): Promise<Generation> {
  const { config, oci } = opened
  const app = await createApp({
    ...{ config, oci, platform, stored, telemetry },
    state: appState,
    facts: factsOf(opened, clock),
    needsKey: exposed || !isLoopback(config.host),
    isUncounted: exposed,
  })
  return { ...opened, app }
}

/** What the console shows about the gateway. */
function factsOf(
  { principal: { credential, kind, source }, setup: { breaker, platform }, regions }:
    & OpenedConfig
    & Pick<Generation, 'setup'>,
  clock: OciClock,
): GatewayFacts {
  return {
    credential: { kind: kind ?? '', source, expiresAt: () => credential.expiresAt?.() },
    regions: regions.map(({ id }) => id),
    clockOffset: () => clock.now() - platform.now(),
    circuits: () => breaker.list(),
  }
}
