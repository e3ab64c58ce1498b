import * as v from 'valibot'
import { isTrustedProxy } from '../access/client-address.ts'
import { KEY } from './secrets.ts'

/** The key `access`: who may call the gateway. */
export const Access = v.partial(v.strictObject({
  apiKeys: v.pipe(
    v.array(
      v.pipe(
        v.string(),
        v.regex(KEY.pattern, KEY.problem),
      ),
    ),
    v.description(
      'API keys; a client must send one of them. A reference such as env:NAME, file:/run/secrets/keys ' +
        'or vault://ocid1.vaultsecret… may have several. Required unless host is a loopback ' +
        'address. Default: none',
    ),
  ),
  adminKey: v.pipe(
    v.string(),
    v.regex(KEY.pattern, KEY.problem),
    v.description(
      'Key of the administration API at /admin/v1 and of the data in the console, or a reference. ' +
        'Without it keys and usage are not available, and the console has data only on a gateway ' +
        'without any key. Default: none',
    ),
  ),
  metricsKey: v.pipe(
    v.string(),
    v.regex(KEY.pattern, KEY.problem),
    v.description(
      'Key that may read /metrics and nothing else, or a reference. With it or adminKey, /metrics ' +
        'needs one of them. Without both, it needs what other requests need. Default: none',
    ),
  ),
  allowedHosts: v.pipe(
    v.array(
      v.pipe(
        v.string(),
        v.regex(/^[a-z0-9._-]+$/, 'must be a lower-case host name without a port'),
      ),
    ),
    v.description(
      'Host names, besides loopback ones, under which a gateway without API keys accepts ' +
        'requests. Default: none',
    ),
  ),
  allowedOrigins: v.pipe(
    v.array(
      v.pipe(
        v.string(),
        v.regex(
          /^[a-z][a-z0-9+.-]*:\/\/[^/\s*]+$/,
          'must be an origin such as https://chat.example',
        ),
      ),
    ),
    v.description('Origins of web pages that may call the gateway from a browser. Default: none'),
  ),
  trustedProxies: v.pipe(
    v.array(
      v.pipe(
        v.string(),
        v.check(
          isTrustedProxy,
          'must be an address, a network such as 10.0.0.0/8, or "cloudflare"',
        ),
      ),
    ),
    v.description(
      'Proxies whose X-Forwarded-For header is trusted: addresses, networks such as 10.0.0.0/8, ' +
        'or "cloudflare" on Workers. Default: none',
    ),
  ),
}))
