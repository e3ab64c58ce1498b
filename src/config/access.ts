import * as v from 'valibot'
import { isTrustedProxy } from '../access/client-address.ts'

/** The member `access`: who may call the gateway. */
export const Access = v.partial(v.strictObject({
  apiKeys: v.pipe(
    v.array(
      v.pipe(
        v.string(),
        v.regex(/^[\x21-\x7e]+$/, 'must be letters, digits and signs without blanks'),
      ),
    ),
    v.description('Keys of which a client must send one; none are needed on loopback'),
  ),
  allowedHosts: v.pipe(
    v.array(v.pipe(v.string(), v.regex(/^[a-z0-9._-]+$/, 'must be names in lower case'))),
    v.description(
      "Host names beside this machine's by which a gateway without keys may be called",
    ),
  ),
  allowedOrigins: v.pipe(
    v.array(
      v.pipe(
        v.string(),
        v.regex(/^[a-z][a-z0-9+.-]*:\/\/[^/\s*]+$/, 'must be origins such as https://chat.example'),
      ),
    ),
    v.description('Origins whose pages may call the gateway from a browser. Default: none'),
  ),
  trustedProxies: v.pipe(
    v.array(
      v.pipe(
        v.string(),
        v.check(isTrustedProxy, 'must be addresses, networks such as 10.0.0.0/8, or "cloudflare"'),
      ),
    ),
    v.description(
      'Proxies whose X-Forwarded-For header is believed: addresses, networks such as 10.0.0.0/8, ' +
        'or "cloudflare" on Workers. Default: none',
    ),
  ),
}))
