/** Causes in the configuration of a client of the gateway. */
export const CLIENT_CAUSES = {
  client_not_configured: {
    wrong: '{client} is not configured for the gateway: {problem}',
    fix: 'oci-gateway connect {client} --write{port}',
  },
  client_file_invalid: {
    wrong: 'the configuration of {client}, "{path}", is not valid: {problem}',
    fix: '{change}',
  },
  client_url_without_v1: {
    wrong: 'the base URL {url} of {client} has no /v1 at its end ({place})',
    fix: '{change}',
  },
  client_url_with_v1: {
    wrong: 'the base URL {url} of {client} ends with /v1, which {client} adds itself ({place})',
    fix: '{change}',
  },
  client_url_of_other_address: {
    wrong: 'the base URL {url} of {client} is not the address of the gateway ({place})',
    fix: '{change}',
  },
  client_api: {
    wrong: '{client} is configured for another API than the gateway has for it ({place})',
    fix: '{change}',
  },
  client_key_missing: {
    wrong: '{client} sends no API key: {problem}',
    fix: '{change}',
  },
  client_key_wrong: {
    wrong: 'the API key of {client} is none of those of the gateway ({place})',
    fix: '{change}',
  },
  client_model_unknown: {
    wrong: '{client} uses the model "{model}", which the gateway does not offer ({place})',
    fix: '{change}',
  },
  gateway_not_running: {
    wrong: 'no gateway answers at {address}',
    fix: 'oci-gateway serve',
  },
} as const
