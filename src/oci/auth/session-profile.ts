import { quoteForShell } from '../../causes/shell.ts'
import { ApiError } from '../../errors.ts'
import type { Files } from '../../platform.ts'
import { type Region, resolveRegion } from '../regions.ts'
import { checkSettings, firstRegion } from './check-settings.ts'
import type { AuthDependencies } from './dependencies.ts'
import { authService, type Principal } from './principal.ts'
import { expandHome, readFile } from './read-file.ts'
import { readKey } from './read-key.ts'
import { sessionToken } from './session-token.ts'
import { profileSettings, type Setting, unset } from './settings.ts'
import type { Source } from './source.ts'
import { readVariable } from './variables.ts'

/** Opens the session of a source: its token file, its key and its region. */
export async function sessionProfile(
  source: Source,
  dependencies: AuthDependencies,
): Promise<Principal> {
  const { environment } = dependencies
  const { settings, name } = source
  const path = await checkedPath(source, dependencies)
  const region = resolveRegion(firstRegion(settings.get('region')?.value ?? ''), environment)
  const home = homeRegion(source, region, dependencies)
  const login = loginCommand(source, home)
  const write = readVariable(environment, 'OCI_SESSION_WRITE_BACK')?.toLowerCase() === 'true'
  const { credential, token } = await sessionToken({
    readToken: () => readTokenFile(path, name, login, dependencies.files),
    readKey: async () =>
      (await readKey(settings, source.profile !== undefined, dependencies.files)).text,
    passphrase: settings.get('pass_phrase')?.value || undefined,
    writeToken: write
      ? dependencies.files?.write && ((text) => writeTokenFile(path, text, dependencies))
      : undefined,
    service: authService(environment, home),
    name,
    login,
  }, dependencies)
  return {
    credential,
    tenancy: settings.get('tenancy')?.value || token.tenancy,
    region,
    source: name,
  }
}

/** The command for a new login in the region that issues the session. */
export function loginCommand({ profileName }: Source, region: Region | undefined): string {
  const place = region === undefined ? '' : ` --region ${region.id}`
  return `oci session authenticate --profile-name ${quoteForShell(profileName)}${place}`
}

/** Returns the path of the token after it has checked all other settings. */
async function checkedPath(
  source: Source,
  { environment, files }: AuthDependencies,
): Promise<string> {
  const { settings } = source
  const inFile = source.profile !== undefined
  const token = settings.get('security_token_file')
  const key = await readKey(settings, inFile, files)
  const states = [
    ...tokenProblems(token, inFile, files),
    ...checkSettings(settings, inFile, environment, ['region']),
    ...key.states,
    ...source.states,
  ]
  if (states.length === 0 && token && files) return expandHome(token.value, files.home)
  throw new ApiError('configuration_error', `Cannot use ${source.name}: ${states.join('; ')}`, {
    reason: 'invalid_profile',
  })
}

function tokenProblems(
  token: Setting | undefined,
  inFile: boolean,
  files: Files | undefined,
): string[] {
  if (!token?.value) return [unset(inFile, 'security_token_file')]
  return files ? [] : [`${token.where} names a file, but this runtime has no file system`]
}

/** The region that issued the session, which may differ from the region of the models. */
function homeRegion(
  { profile }: Source,
  otherwise: Region,
  { environment }: AuthDependencies,
): Region {
  const text = profile && profileSettings(profile).get('region')?.value
  return text ? resolveRegion(text, environment) : otherwise
}

async function readTokenFile(
  path: string,
  name: string,
  login: string,
  files?: Files,
): Promise<string> {
  const text = files && await readFile(files, path)
  if (text !== undefined) return text
  const message = `Cannot use ${name}: there is no session token "${path}". Sign in with: ${login}`
  throw new ApiError('configuration_error', message, { reason: 'session_token_missing' })
}

async function writeTokenFile(
  path: string,
  text: string,
  { files }: AuthDependencies,
): Promise<void> {
  await files?.write?.(path, text)
}
