import type { Environment } from '../../platform.ts'
import { authEndpoint, type Region } from '../regions.ts'
import { readAddress } from './variables.ts'

/** Where the auth service of a region is, unless the environment says it is elsewhere. */
export function authService(environment: Environment, region: Region): URL {
  return readAddress(environment, 'OCI_AUTH_ENDPOINT', 'OCI_SDK_AUTH_CLIENT_REGION_URL') ??
    authEndpoint(region)
}
