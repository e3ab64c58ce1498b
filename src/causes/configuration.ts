/** Causes in the runtime, the gateway's own configuration, its address and its API keys. */
export const CONFIGURATION_CAUSES = {
  runtime_too_old: {
    wrong: '{runtime} {version} is too old: the gateway needs {runtime} {minimum} or later',
    fix: '{upgrade}',
  },
  runtime_untested: {
    wrong: '{runtime} {version} is older than {tested}, with which the gateway is tested',
    fix: '{upgrade}',
  },
  runtime_end_of_life: {
    wrong: 'Node {major} has had no security fixes since {date}',
    fix: '{upgrade}',
  },
  config_missing: {
    wrong: 'the configuration file cannot be read. {problem}',
    fix: 'unset GATEWAY_CONFIG',
  },
  config_syntax: {
    wrong: 'the configuration is not valid JSON: {problem}',
    fix: '{change}',
  },
  config_misspelled_key: {
    wrong: 'the configuration has an unknown key, probably "{nearest}": {problem}',
    fix: '{change}',
  },
  config_unknown_key: {
    wrong: 'the configuration has an unknown key: {problem}',
    fix: '{change}',
  },
  config_value: {
    wrong: 'the configuration has an invalid value: {problem}',
    fix: '{change}',
  },
  port_invalid: {
    wrong: 'the port is not valid: {problem}',
    fix: 'export PORT=8050',
  },
  host_invalid: {
    wrong: 'the address to listen on is not valid: {problem}',
    fix: 'export HOST=127.0.0.1',
  },
  log_level_invalid: {
    wrong: 'the log level is not valid: {problem}',
    fix: 'export LOG_LEVEL=info',
  },
  api_keys_invalid: {
    wrong: "the gateway's API keys are not valid: {problem}",
    fix: 'export GATEWAY_API_KEYS="$(openssl rand -hex 24)"',
  },
  model_map_invalid: {
    wrong: 'the aliases are not valid: {problem}',
    fix: 'export MODEL_MAP={example}',
  },
  variable_invalid: {
    wrong: 'a variable is not valid: {problem}',
    fix: 'unset {variable}',
  },
  exposed_without_key: {
    wrong: 'the gateway listens on {host}, which other machines can reach, and has no API key: ' +
      'anyone who reaches it could use your tenancy',
    fix: 'export GATEWAY_API_KEYS="$(openssl rand -hex 24)"',
  },
  exposed_without_tls: {
    wrong:
      'the gateway listens on {host} without TLS, so API keys and prompts can be read on the ' +
      'network. Listen on this machine only, behind a proxy with TLS, or list the proxy in ' +
      '"access.trustedProxies"',
    fix: 'export HOST=127.0.0.1',
  },
  api_key_weak: {
    wrong: 'an API key of the gateway has fewer than {minimum} characters and can be guessed',
    fix: 'export GATEWAY_API_KEYS="$(openssl rand -hex 24)"',
  },
  origins_without_key: {
    wrong: 'web pages of {origins} may call the gateway, which has no API key: each page there ' +
      'could use your tenancy',
    fix: 'export GATEWAY_API_KEYS="$(openssl rand -hex 24)"',
  },
  port_in_use: {
    wrong: 'port {port} of {host} is in use by another program',
    fix: 'export PORT={free}',
  },
  port_not_permitted: {
    wrong: 'this user may not listen on port {port}',
    fix: 'export PORT={free}',
  },
  address_not_available: {
    wrong: 'the address {host} is not one of this machine',
    fix: 'export HOST=127.0.0.1',
  },
} as const
