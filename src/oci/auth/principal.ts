import type { Region } from '../regions.ts'
import type { Credential } from '../signing/credential.ts'

/** Who the gateway is to OCI, and what that identity knows about itself. */
export interface Principal {
  credential: Credential
  /** The tenancy's OCID. */
  tenancy: string | undefined
  /** Where it lives, which need not be where it asks for models. */
  region: Region | undefined
  /** For messages: `the instance principal`, `profile "DEFAULT" of "/home/me/.oci/config"`. */
  source: string
}
