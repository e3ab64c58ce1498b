/** Causes that a running gateway shows in its console. */
export const GATEWAY_CAUSES = {
  token_not_renewed: {
    wrong: 'the token of the credential has expired and cannot be renewed',
    fix: 'oci-gateway doctor',
  },
  credential_not_accepted: {
    wrong: 'OCI does not accept the credential, so the models are a built-in list',
    fix: 'oci-gateway doctor',
  },
  models_not_permitted: {
    wrong: "the credential is not permitted to list OCI's models, so they are a built-in list",
    fix: 'oci-gateway doctor',
  },
  oci_not_reached: {
    wrong: 'OCI cannot be reached ({code}), so the models are a built-in list',
    fix: 'oci-gateway doctor',
  },
} as const
