import { exportCommand, quoteForShell } from '../../causes/shell.ts'
import type { ApiError } from '../../errors.ts'
import { expandHome, readFile } from '../../oci/auth/read-file.ts'
import { loginCommand } from '../../oci/auth/session-profile.ts'
import type { Source } from '../../oci/auth/source.ts'
import { decodeToken } from '../../oci/auth/token.ts'
import { formatDuration } from '../duration.ts'
import { attempt, fail, type Finding, ok, skip, warn } from '../finding.ts'
import { noProxyWith, proxyFor } from '../proxy.ts'
import { MAX_CLOCK_OFFSET } from '../remote.ts'
import type { Session } from '../session.ts'
import { isReachable } from './authentication.ts'

/** Milliseconds. A session token that ends sooner gets a warning. */
const SOON = 5 * 60_000

/** Whether the token of the credential is valid and fits to its key, and how long it lasts. */
export async function checkToken(session: Session): Promise<Finding> {
  const selected = await session.selection()
  if (selected.type === 'failed') return skip('no credential is selected')
  const { kind, source } = selected.value
  if (kind === 'api_key') return skip('API keys need no token')
  if (kind === 'security_token' && source !== undefined) return await checkSession(source, session)
  const principal = await session.principal()
  return principal.type === 'failed'
    ? explainPrincipal(principal.error, session)
    : ok(principal.value.source)
}

async function checkSession(source: Source, session: Session): Promise<Finding> {
  const { name, profileName: profile, settings } = source
  const { files } = session.machine
  const path = expandHome(settings.get('security_token_file')?.value ?? '', files.home)
  if (path === '') return skip('needs the path of the token')
  const login = loginCommand(source, await session.region())
  const text = await attempt(() => readFile(files, path))
  if (text.type === 'failed' || text.value === undefined) {
    return fail('session_missing', { path, login })
  }
  const decoded = await attempt(() => decodeToken(text.value ?? '', 'the session token'))
  if (decoded.type === 'failed') return fail('session_damaged', { path, login })
  const { expiresAt = Infinity } = decoded.value
  // A wrong clock is another check's cause.
  const now = session.machine.now() + await correction(session)
  if (expiresAt <= now) return await explainExpired(now - expiresAt, { name, login, session })
  const other = findOtherOwner(decoded.value, source, login)
  if (other) return other
  const principal = await session.principal()
  if (principal.type === 'failed') return explainSession(principal.error, login)
  const left = formatDuration(expiresAt - now)
  return expiresAt - now < SOON
    ? warn('session_ending', { name, left, profile: quoteForShell(profile) })
    : ok(expiresAt === Infinity ? 'valid, without an expiry time' : `valid for ${left}`)
}

/** The difference of the clocks if it is too large for OCI. The gateway ignores a smaller one. */
async function correction({ probedOffset }: Session): Promise<number> {
  const offset = await probedOffset() ?? 0
  return Math.abs(offset) > MAX_CLOCK_OFFSET ? offset : 0
}

/** Without OCI's time the clock may be wrong instead, and signing in needs a connection to OCI. */
async function explainExpired(
  age: number,
  { name, login, session }: { name: string; login: string; session: Session },
): Promise<Finding> {
  const ago = formatDuration(age)
  return await isReachable(session)
    ? fail('session_expired', { name, ago, login })
    : skip(`expired ${ago} ago by the clock of this machine, which OCI has not confirmed`)
}

function findOtherOwner(
  { tenancy, subject }: { tenancy: string | undefined; subject: string | undefined },
  { settings, name }: Source,
  login: string,
): Finding | undefined {
  const own = settings.get('tenancy')?.value
  if (own && tenancy && own !== tenancy) return fail('session_of_other_tenancy', { name, login })
  const user = settings.get('user')?.value
  return user && subject && user !== subject
    ? warn('session_of_other_user', { name, login })
    : undefined
}

function explainSession({ reason, message }: ApiError, login: string): Finding {
  return reason === 'key_mismatch'
    ? fail('session_of_other_key', { login })
    : skip(`needs the profile and the key (${message})`)
}

function explainPrincipal({ reason, message }: ApiError, { machine }: Session): Finding {
  const variable = ['OCI_AUTH', 'OCI_CLI_AUTH'].find((name) => machine.env[name]?.trim())
  const change = variable === undefined ? exportCommand('OCI_AUTH', 'api_key') : `unset ${variable}`
  switch (reason) {
    case 'metadata_page':
    case 'not_on_oci': {
      const metadata = new URL('http://169.254.169.254/')
      const proxy = proxyFor(metadata, machine)
      return proxy && proxy.unusedBecause === undefined
        ? fail('metadata_through_proxy', {
          variable: proxy.name,
          value: noProxyWith(metadata.hostname, machine.env),
        })
        : fail(reason, { change })
    }
    case 'missing_variable':
    case 'invalid_profile':
      return fail('variables_missing', { problem: message, change })
    case 'bad_key':
      return fail('genai_key_malformed', {})
  }
  return fail('token_not_issued', { problem: message })
}
