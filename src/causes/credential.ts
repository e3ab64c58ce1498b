/** Causes in the OCI configuration file, its profiles and the tokens of credentials. */
export const CREDENTIAL_CAUSES = {
  no_credentials: {
    wrong: 'there are no OCI credentials: {problem}',
    fix: 'oci setup config',
  },
  oci_config_missing: {
    wrong: '{variable} names "{path}", which does not exist',
    fix: 'unset {variable}',
  },
  oci_config_invalid: {
    wrong: 'the OCI configuration file is not valid. {problem}',
    fix: '{change}',
  },
  file_unreadable: {
    wrong: 'this process has no permission to read "{path}"',
    fix: 'sudo chown "$(id -un)" {quoted} && chmod 600 {quoted}',
  },
  file_is_a_folder: {
    wrong: '{setting} names "{path}", which is a folder',
    fix: '{change}',
  },
  two_oci_configs: {
    wrong: 'there are two OCI configuration files: the gateway uses "{used}", as {variable} ' +
      'requires, and the oci command uses "{other}"',
    fix: 'export OCI_CLI_CONFIG_FILE={quoted}',
  },
  profile_missing: {
    wrong: 'there is no profile "{profile}" in "{path}", which has {profiles}',
    fix: 'export OCI_PROFILE={nearest}',
  },
  no_profiles: {
    wrong: 'there is no profile "{profile}" in "{path}", which has no profiles at all',
    fix: 'oci setup config',
  },
  auth_kind_unknown: {
    wrong: 'the kind of credential is unknown. {problem}',
    fix: '{change}',
  },
  setting_missing: {
    wrong: 'the credential is incomplete: {problem}. {place}',
    fix: '{change}',
  },
  setting_malformed: {
    wrong: '{setting} {problem}',
    fix: '{change}',
  },
  realm_of_tenancy: {
    wrong: 'the tenancy is in realm {tenancyRealm}, but region {region} is in realm {regionRealm}',
    fix: 'export OCI_REGION={nearest}',
  },
  realm_of_user: {
    wrong:
      'the user is in realm {userRealm} and the tenancy in realm {tenancyRealm}: {setting} is ' +
      'wrong',
    fix: '{change}',
  },
  key_in_config: {
    wrong: '{problem}. Save the key in a file of its own and replace the line',
    fix: 'key_file=~/.oci/oci_api_key.pem',
  },
  unusable_credential: {
    wrong: '{problem}',
    fix: '{change}',
  },
  open_permissions: {
    wrong: 'other users of this machine can read "{path}" (mode {mode})',
    fix: 'chmod 600 {quoted}',
  },
  session_expired: {
    wrong: 'the session of {name} expired {ago} ago',
    fix: '{login}',
  },
  session_ending: {
    wrong: 'the session token of {name} expires in {left}; the gateway renews it in memory only',
    fix: 'oci session refresh --profile {profile}',
  },
  session_missing: {
    wrong: 'there is no session token "{path}"',
    fix: '{login}',
  },
  session_damaged: {
    wrong: 'the session token "{path}" is not a complete JSON Web Token',
    fix: '{login}',
  },
  session_of_other_key: {
    wrong:
      'the session token was issued for another private key: it is that of another user or of ' +
      'another sign-in',
    fix: '{login}',
  },
  session_of_other_tenancy: {
    wrong: 'the session token is for another tenancy than {name}',
    fix: '{login}',
  },
  session_of_other_user: {
    wrong: 'the session token is for another user than {name}',
    fix: '{login}',
  },
  not_on_oci: {
    wrong: 'the metadata service 169.254.169.254 does not answer: this machine is not an OCI ' +
      'compute instance. Elsewhere, use an API key of a user, which "oci setup config" creates',
    fix: '{change}',
  },
  metadata_page: {
    wrong:
      'a web page answers instead of the metadata service 169.254.169.254: the network wants ' +
      'you to sign in (captive portal), and this machine is probably not an OCI compute ' +
      'instance. Elsewhere, use an API key of a user, which "oci setup config" creates',
    fix: '{change}',
  },
  metadata_through_proxy: {
    wrong: 'the metadata service of OCI does not answer: {variable} sends its calls to a proxy',
    fix: 'export NO_PROXY={value}',
  },
  variables_missing: {
    wrong: 'the credential is incomplete. {problem}. OCI sets them where this kind of credential ' +
      'exists',
    fix: '{change}',
  },
  token_not_issued: {
    wrong: 'there is no token for the credential. {problem}',
    fix: 'oci-gateway doctor',
  },
  genai_key_malformed: {
    wrong:
      'OCI_GENAI_API_KEY is empty or contains a space or a character that is not ASCII. Copy ' +
      'it again from the Console',
    fix: "export OCI_GENAI_API_KEY='KEY'",
  },
} as const
