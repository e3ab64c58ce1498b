import { checkAliases } from './checks/aliases.ts'
import { checkAuthentication } from './checks/authentication.ts'
import { checkAuthorization } from './checks/authorization.ts'
import { checkChat } from './checks/chat.ts'
import { checkClock } from './checks/clock.ts'
import { checkConfiguration } from './checks/configuration.ts'
import { checkCredential } from './checks/credential.ts'
import { checkExposure } from './checks/exposure.ts'
import { checkFingerprint, checkKey } from './checks/key.ts'
import { checkConnection, checkDns, checkTls } from './checks/network.ts'
import { checkPermissions } from './checks/permissions.ts'
import { checkPort } from './checks/port.ts'
import { checkProfile } from './checks/profile.ts'
import { checkProxy } from './checks/proxy.ts'
import { checkCompartment, checkRegion } from './checks/region.ts'
import { checkRuntime } from './checks/runtime.ts'
import { checkToken } from './checks/token.ts'
import type { Finding } from './finding.ts'
import type { Machine } from './machine.ts'
import { createSession, type DiagnosisOptions, type Session } from './session.ts'

/** One check of a diagnosis. */
export interface Check {
  id: string
  title: string
  /** What the check compares, for the documentation. */
  does: string
  run(session: Session): Finding | Promise<Finding>
}

/** All checks in their order: each needs only what the earlier ones have found. */
export const CHECKS: readonly Check[] = [
  {
    ...{ id: 'runtime', title: 'Runtime', run: checkRuntime },
    does: 'the version of Node, Bun or Deno',
  },
  {
    ...{ id: 'configuration', title: 'Configuration', run: checkConfiguration },
    does: "the gateway's configuration file and variables, and which of them are used",
  },
  {
    ...{ id: 'credential', title: 'Credential', run: checkCredential },
    does: 'which OCI configuration file, profile and variables are used',
  },
  {
    ...{ id: 'profile', title: 'Profile', run: checkProfile },
    does: 'whether the settings are complete and have the right form and realm',
  },
  {
    ...{ id: 'key', title: 'Private key', run: checkKey },
    does: 'whether the key can be read and decrypted',
  },
  {
    ...{ id: 'fingerprint', title: 'Fingerprint', run: checkFingerprint },
    does: 'the fingerprint of the key against the configured one',
  },
  {
    ...{ id: 'permissions', title: 'File permissions', run: checkPermissions },
    does: 'whether other users of the machine can read files with secrets',
  },
  {
    ...{ id: 'region', title: 'Region', run: checkRegion },
    does: 'whether the region exists and is in the realm of the tenancy',
  },
  {
    ...{ id: 'compartment', title: 'Compartment', run: checkCompartment },
    does: 'the form of the OCID and its realm',
  },
  {
    ...{ id: 'token', title: 'Token', run: checkToken },
    does: 'the remaining time of a session, whether its token fits to its key, and whether OCI ' +
      'issues tokens for other credentials',
  },
  {
    ...{ id: 'proxy', title: 'Proxy', run: checkProxy },
    does: 'HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, and whether this runtime reads them',
  },
  {
    ...{ id: 'dns', title: 'DNS', run: checkDns },
    does: "whether the names of OCI's hosts have addresses",
  },
  {
    ...{ id: 'connection', title: 'Connection', run: checkConnection },
    does: 'whether TCP connections can be opened',
  },
  {
    ...{ id: 'tls', title: 'TLS', run: checkTls },
    does: 'whether this runtime trusts the certificates, and whether OCI is what answers',
  },
  {
    ...{ id: 'clock', title: 'Clock', run: checkClock },
    does: "the clock of this machine against OCI's",
  },
  {
    ...{ id: 'authentication', title: 'Authentication', run: checkAuthentication },
    does: 'whether OCI accepts the credential: lists models, which costs nothing',
  },
  {
    ...{ id: 'authorization', title: 'Authorization', run: checkAuthorization },
    does: 'whether policies allow the use of Generative AI in the compartment',
  },
  {
    ...{ id: 'chat', title: 'Chat', run: checkChat },
    does: 'whether a model answers: one call with one token of output, not with --no-call',
  },
  {
    ...{ id: 'aliases', title: 'Aliases', run: checkAliases },
    does: 'whether the region serves the models of your aliases and fallbacks',
  },
  {
    ...{ id: 'exposure', title: 'Exposure', run: checkExposure },
    does: 'the address to listen on, API keys, allowed web pages and TLS',
  },
  {
    ...{ id: 'port', title: 'Port', run: checkPort },
    does: 'whether the gateway can listen on its port',
  },
]

/** A check and its result. */
export interface CheckResult {
  id: string
  title: string
  finding: Finding
}

/** Makes the checks one after the other. Throws what is not the result of a check. */
export async function* diagnose(
  machine: Machine,
  options: DiagnosisOptions,
  checks: readonly Check[] = CHECKS,
): AsyncGenerator<CheckResult> {
  let hasFailed = false
  const session = createSession(machine, options, () => hasFailed)
  for (const { id, title, run } of checks) {
    machine.signal.throwIfAborted()
    const finding = await run(session)
    hasFailed ||= finding.status === 'fail'
    yield { id, title, finding }
  }
}
