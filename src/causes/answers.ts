/** Causes that OCI's answers show. OCI hides several of them behind one error. */
export const ANSWER_CAUSES = {
  clock_skew: {
    wrong: 'the clock of this machine is {offset} {direction}; OCI accepts five minutes. It is ' +
      'corrected for the following checks',
    fix: 'timedatectl set-ntp true',
  },
  clock_drift: {
    wrong: 'the clock of this machine is {offset} {direction}; OCI accepts five minutes',
    fix: 'timedatectl set-ntp true',
  },
  region_malformed: {
    wrong: 'the region in {setting} is malformed: a region consists of letters, digits and hyphens',
    fix: 'export OCI_REGION={nearest}',
  },
  region_unknown: {
    wrong: '"{region}" in {setting} is not a known region of OCI',
    fix: 'export OCI_REGION={nearest}',
  },
  region_not_subscribed: {
    wrong: 'the tenancy is not subscribed to region {region}: OCI accepts the same credential in ' +
      '{working}',
    fix: 'export OCI_REGION={working}',
  },
  endpoint_of_other_region: {
    wrong: '{setting} is an address in {other}, but the region is {region}',
    fix: 'export OCI_REGION={other}',
  },
  key_not_accepted: {
    wrong: 'OCI does not accept the key {fingerprint} (401 NotAuthenticated): it is not uploaded ' +
      'for this user, or the user is deactivated, or the OCID of the user or tenancy is wrong' +
      '{others}. To tell them apart, sign in to the Console as this user and compare My profile > ' +
      'API keys and both OCIDs. The command prints the public key to add there',
    fix: '{command}',
  },
  session_not_accepted: {
    wrong:
      'OCI does not accept the session token (401 NotAuthenticated): the session was ended, or ' +
      'the user is deactivated{others}. To tell them apart, sign in again',
    fix: '{login}',
  },
  principal_not_accepted: {
    wrong: 'OCI does not accept {name} (401 NotAuthenticated). {advice}',
    fix: 'timedatectl',
  },
  genai_key_not_accepted: {
    wrong: 'OCI does not accept OCI_GENAI_API_KEY in {region} (401): the key belongs to another ' +
      'region, has expired, or is older than its policy. To tell them apart, compare region and ' +
      'expiry of the key in the Console; if both are right, create the policy and then a new key',
    fix: '{policy}',
  },
  genai_key_of_other_region: {
    wrong: 'OCI_GENAI_API_KEY belongs to region {working}: {region} does not accept it',
    fix: 'export OCI_REGION={working}',
  },
  compartment_malformed: {
    wrong: 'the compartment is not valid: {problem}',
    fix: 'oci iam compartment list --compartment-id-in-subtree true --all',
  },
  compartment_not_found: {
    wrong:
      'compartment {compartment} does not exist in this tenancy (404 NotAuthorizedOrNotFound ' +
      'for it, but not for the root compartment)',
    fix: 'oci iam compartment list --compartment-id-in-subtree true --all',
  },
  policy_missing: {
    wrong: 'no policy allows {name} to use Generative AI in {compartment} (404 ' +
      'NotAuthorizedOrNotFound)',
    fix: '{policy}',
  },
  policy_missing_in_root: {
    wrong: 'no policy allows {name} to use Generative AI in the root compartment (404 ' +
      'NotAuthorizedOrNotFound). If your policy is for another compartment, set ' +
      'OCI_COMPARTMENT_ID to its OCID instead',
    fix: '{policy}',
  },
  policy_or_compartment: {
    wrong:
      'OCI does not show compartment {compartment} (404 NotAuthorizedOrNotFound): a policy is ' +
      'missing, or the compartment is not in this tenancy. To tell them apart, look for the OCID in ' +
      'the Console, Identity > Compartments: if it is there, the policy is missing',
    fix: '{policy}',
  },
  list_not_allowed: {
    wrong:
      'calls of models work, but the models cannot be listed (404 NotAuthorizedOrNotFound), so ' +
      'the gateway lists its built-in ones',
    fix: '{policy}',
  },
  use_not_allowed: {
    wrong: 'the models can be listed, but not called (404 NotAuthorizedOrNotFound): the policy ' +
      'allows to inspect or read Generative AI, not to use it',
    fix: '{policy}',
  },
  no_models: {
    wrong: 'region {region} lists no chat model for this tenancy',
    fix: 'oci-gateway models --region {nearest}',
  },
  model_retired: {
    wrong: '{setting} selects "{model}", which OCI has retired',
    fix: '{change}',
  },
  model_in_other_region: {
    wrong: '{setting} selects "{model}", which {regions} serve, but not {region}',
    fix: 'export OCI_REGION={nearest}',
  },
  model_unknown: {
    wrong: '{setting} selects "{model}", which {region} does not serve',
    fix: '{change}',
  },
  rate_limited: {
    wrong:
      'OCI limits the calls of this tenancy (429), and moves the limits of on-demand models all ' +
      'the time. Try again later, add a region to OCI_REGION, or use a dedicated cluster',
    fix: 'sleep {seconds} && oci-gateway doctor',
  },
  service_failing: {
    wrong:
      "OCI's service fails ({status}). If this persists, see https://ocistatus.oraclecloud.com",
    fix: 'sleep {seconds} && oci-gateway doctor',
  },
  service_silent: {
    wrong: 'OCI does not answer in time. If this persists, see https://ocistatus.oraclecloud.com',
    fix: 'sleep {seconds} && oci-gateway doctor',
  },
  call_rejected: {
    wrong: 'OCI rejects the call. {problem}',
    fix: 'oci-gateway models',
  },
} as const
