/** Causes between this machine and OCI. */
export const NETWORK_CAUSES = {
  proxy_malformed: {
    wrong: '{variable} is not the URL of a proxy, such as http://proxy.example:3128',
    fix: 'unset {variable}',
  },
  proxy_unreachable: {
    wrong:
      '{variable} sends calls to the proxy {proxy}, which cannot be reached ({code}); neither ' +
      'can {host} without it. Correct the address of the proxy',
    fix: 'export {variable}=http://HOST:PORT',
  },
  proxy_unneeded: {
    wrong: '{variable} sends calls to the proxy {proxy}, which cannot be reached ({code}), while ' +
      '{host} can be reached without it',
    fix: 'unset {variable}',
  },
  proxy_refuses: {
    wrong: 'the proxy {proxy}, which {variable} names, does not connect to {host}',
    fix: 'export NO_PROXY={value}',
  },
  proxy_unused: {
    wrong:
      '{variable} names the proxy {proxy}, which cannot be reached ({code}). It is not used: ' +
      '{reason}',
    fix: 'unset {variable}',
  },
  proxy_ignored: {
    wrong: 'the host {host} cannot be reached directly ({code}), and Node does not use {variable}',
    fix: 'export NODE_USE_ENV_PROXY=1',
  },
  dns_failed: {
    wrong:
      'the DNS server has no address for {host} ({code}): this machine has no network, or its ' +
      'DNS server does not know hosts of the internet',
    fix: 'nslookup {host}',
  },
  dns_of_endpoint: {
    wrong: 'the DNS server has no address for {host}, which {setting} names ({code})',
    fix: '{change}',
  },
  region_without_service: {
    wrong:
      'region {region} has no Generative AI service: {host} does not exist, while other hosts ' +
      'of OCI do',
    fix: 'export OCI_REGION={nearest}',
  },
  connection_failed: {
    wrong: 'no connection to {host}, port {port} ({code}): a firewall blocks it, or the network ' +
      'needs a proxy (HTTPS_PROXY)',
    fix: 'nc -vz {host} {port}',
  },
  endpoint_unreachable: {
    wrong: 'no connection to {host}, port {port}, the address of {setting} ({code})',
    fix: '{change}',
  },
  unknown_authority: {
    wrong:
      '{runtime} does not trust the certificate of {host}, which "{issuer}" has issued: a proxy ' +
      'of your network may inspect TLS. Name the PEM file of that authority',
    fix: 'export NODE_EXTRA_CA_CERTS={bundle}',
  },
  cert_bundle_ignored: {
    wrong:
      '{runtime} does not trust the certificate of {host}, which "{issuer}" has issued. Only ' +
      'the oci command reads OCI_CLI_CERT_BUNDLE; {runtime} reads NODE_EXTRA_CA_CERTS',
    fix: 'export NODE_EXTRA_CA_CERTS={bundle}',
  },
  certificate_expired: {
    wrong:
      'the certificate of {host} is not valid now: it ends on {end}. The certificate has to be ' +
      'renewed, or the date of this machine is wrong',
    fix: 'date',
  },
  certificate_of_other_host: {
    wrong:
      'the certificate of {host} is for another host, "{subject}": the address is wrong, or a ' +
      'proxy or the DNS server redirects it',
    fix: '{change}',
  },
  tls_failed: {
    wrong: 'no TLS connection to {host} ({code}): a firewall or proxy may break TLS',
    fix: 'openssl s_client -connect {host}:{port}',
  },
  connection_lost: {
    wrong: 'the connection to {host} ends before an answer: a firewall or proxy may cut it',
    fix: 'curl -sv {url} -o /dev/null',
  },
  captive_portal: {
    wrong:
      "the host {host} answers with a web page instead of OCI's JSON: the network wants you to sign in " +
      '(captive portal). Open any http:// page in a browser; this command shows where it leads',
    fix: 'curl -sI http://neverssl.com',
  },
  endpoint_not_oci: {
    wrong: "the host {host}, which {setting} names, answers with a web page instead of OCI's JSON",
    fix: '{change}',
  },
} as const
