import type { CauseId } from '../../../src/causes/cause.ts'
import { createDemoIdentity } from '../../../src/simulator/identity.ts'
import { createTokenIssuer } from '../../../src/simulator/tokens/issuer.ts'
import formats from '../../vectors/key-formats.json' with { type: 'json' }
import keys from '../../vectors/keys.json' with { type: 'json' }
import { CONFIG, fetchError, KEY, openSession, setProfile, type World } from './world.ts'

/** Something that is broken, and what doctor has to say about it. */
export interface Fault {
  id: string
  /** What is broken, for the documentation. */
  breaks: string
  /** Flags besides `--json`. */
  flags?: string
  arrange(world: World): void | Promise<void>
  /** The first check that fails, or the first with a warning if the status is `warn`. */
  check: string
  status?: 'warn'
  cause: CauseId
  /** A part of the text of the cause. `{name}` stands for a value of the identity. */
  wrong: string
  /** The whole fix. */
  fix: string
  /** Texts that no fix of the whole diagnosis may contain: commands for other causes. */
  forbidden: readonly string[]
}

const TENANCY = 'ocid1.tenancy.oc1..aaaaaaaatest'
const COMPARTMENT = 'ocid1.compartment.oc1..aaaaaaaatest'
const LOGIN = 'oci session authenticate --profile-name DEFAULT --region us-chicago-1'
const RANDOM_KEY = 'export GATEWAY_API_KEYS="$(openssl rand -hex 24)"'
const LIST_COMPARTMENTS = 'oci iam compartment list --compartment-id-in-subtree true --all'
const CONTROL = 'generativeai.us-chicago-1.oci.oraclecloud.com'
/** Commands that change a credential, which is wrong when something else is broken. */
const CREDENTIAL = ['oci setup', 'oci session', 'fingerprint=', 'key_file=', 'openssl rsa']
const POLICY = ['Allow ']
const OCID_ELSEWHERE = 'ocid1.generativeaiendpoint.oc1.us-atlantis-1.aaaaexample'
const CLOCK = ['timedatectl']

const PRIVATE_KEY = keys.keys.rsa2048
const LOCKED = pemOf('enc-pkcs8-openssl3-default')
const PASSPHRASE = 'Correct-Horse_9!'

function pemOf(id: string): string {
  return formats.entries.find((entry) => entry.id === id)?.pem ?? ''
}

function lockKey(world: World, settings: Record<string, string>): void {
  world.files.contents.set(KEY, LOCKED)
  setProfile(world, { fingerprint: PRIVATE_KEY.fingerprint, ...settings })
}

/** Lets every call fail as a network does that cannot do more. */
function failCalls(world: World, code: string): void {
  world.intercept = () => {
    throw fetchError(code)
  }
}

function configure(world: World, ...lines: string[]): void {
  world.env['GATEWAY_CONFIG'] = '/work/gateway.json'
  world.files.contents.set('/work/gateway.json', lines.join('\n'))
}

function answerChats(world: World, status: number, body: object, headers = {}): void {
  world.intercept = ({ pathname }) =>
    pathname.endsWith('/actions/chat') ? Response.json(body, { status, headers }) : undefined
}

export const FAULTS: readonly Fault[] = [
  {
    ...{ id: 'runtime-too-old', breaks: 'Node 20 runs the gateway' },
    arrange: (world) => void (world.runtime = { name: 'node', version: '20.20.2' }),
    ...{ check: 'runtime', cause: 'runtime_too_old', wrong: 'Node 20.20.2 is too old' },
    fix: 'npx -y -p node@24 -p oci-genai-gateway oci-gateway doctor',
    forbidden: CREDENTIAL,
  },
  {
    ...{ id: 'runtime-untested', breaks: 'an old Bun runs the gateway' },
    arrange: (world) => void (world.runtime = { name: 'bun', version: '1.1.30' }),
    ...{ check: 'runtime', status: 'warn', cause: 'runtime_untested', wrong: 'Bun 1.1.30' },
    ...{ fix: 'bun upgrade', forbidden: CREDENTIAL },
  },
  {
    ...{ id: 'config-missing', breaks: 'GATEWAY_CONFIG names a file that does not exist' },
    arrange: (world) => void (world.env['GATEWAY_CONFIG'] = '/work/gatway.json'),
    ...{ check: 'configuration', cause: 'config_missing', wrong: '/work/gatway.json' },
    ...{ fix: 'unset GATEWAY_CONFIG', forbidden: CREDENTIAL },
  },
  {
    ...{ id: 'config-unreadable', breaks: 'the configuration file belongs to another user' },
    arrange(world) {
      configure(world, '{}')
      world.files.failures.set('/work/gateway.json', 'EACCES')
    },
    ...{ check: 'configuration', cause: 'file_unreadable', wrong: '"/work/gateway.json"' },
    fix: 'sudo chown "$(id -un)" /work/gateway.json && chmod 600 /work/gateway.json',
    forbidden: CREDENTIAL,
  },
  {
    ...{ id: 'config-folder', breaks: 'GATEWAY_CONFIG names a folder' },
    arrange({ env, files }) {
      env['GATEWAY_CONFIG'] = '/work/gateway'
      files.failures.set('/work/gateway', 'EISDIR')
    },
    ...{ check: 'configuration', cause: 'file_is_a_folder', wrong: '"/work/gateway"' },
    ...{ fix: 'ls -l /work/gateway', forbidden: CREDENTIAL },
  },
  {
    ...{ id: 'config-syntax', breaks: 'the configuration file has a syntax error' },
    arrange: (world) => configure(world, '{', '  "port": 8051', '  "host": "127.0.0.1"', '}'),
    ...{ check: 'configuration', cause: 'config_syntax', wrong: '3' },
    ...{ fix: '"${EDITOR:-vi}" +3 /work/gateway.json', forbidden: CREDENTIAL },
  },
  {
    ...{ id: 'config-unknown-key', breaks: 'a key of the configuration file is misspelled' },
    arrange: (world) => configure(world, '{', '  "limits": { "maxBodyMib": 8 }', '}'),
    ...{ check: 'configuration', cause: 'config_misspelled_key', wrong: 'maxBodyMib' },
    fix: `perl -pi -e 's/"maxBodyMib"(?=\\s*:)/"maxBodyMiB"/ if $. == 2' /work/gateway.json`,
    forbidden: CREDENTIAL,
  },
  {
    ...{ id: 'port-invalid', breaks: 'PORT is not a number' },
    arrange: (world) => void (world.env['PORT'] = 'http'),
    ...{ check: 'configuration', cause: 'port_invalid', wrong: 'PORT' },
    ...{ fix: 'export PORT=8050', forbidden: CREDENTIAL },
  },
  {
    ...{ id: 'model-map-invalid', breaks: 'MODEL_MAP is not JSON' },
    arrange: (world) => void (world.env['MODEL_MAP'] = 'fast=xai.grok-4.3'),
    ...{ check: 'configuration', cause: 'model_map_invalid', wrong: 'MODEL_MAP' },
    ...{ fix: `export MODEL_MAP='{"fast": "openai.gpt-oss-120b"}'`, forbidden: CREDENTIAL },
  },
  {
    ...{ id: 'compartment-malformed', breaks: 'OCI_COMPARTMENT_ID is the name of a compartment' },
    arrange: (world) => void (world.env['OCI_COMPARTMENT_ID'] = 'development'),
    ...{ check: 'configuration', cause: 'compartment_malformed', wrong: 'OCI_COMPARTMENT_ID' },
    ...{ fix: LIST_COMPARTMENTS, forbidden: [...CREDENTIAL, ...POLICY] },
  },
  {
    ...{ id: 'compartment-of-a-user', breaks: 'OCI_COMPARTMENT_ID is the OCID of a user' },
    arrange: (world) => void (world.env['OCI_COMPARTMENT_ID'] = world.identity.user),
    ...{ check: 'compartment', cause: 'compartment_malformed', wrong: 'the OCID of a user' },
    ...{ fix: LIST_COMPARTMENTS, forbidden: [...CREDENTIAL, ...POLICY] },
  },
  {
    ...{ id: 'no-credentials', breaks: 'there is neither a profile nor a variable' },
    arrange: (world) => void world.files.contents.clear(),
    ...{ check: 'credential', cause: 'no_credentials', wrong: '.oci/config' },
    ...{ fix: 'oci setup config', forbidden: POLICY },
  },
  {
    ...{ id: 'oci-config-missing', breaks: 'OCI_CONFIG_FILE names a file that does not exist' },
    arrange: (world) => void (world.env['OCI_CONFIG_FILE'] = '~/.oci/confg'),
    ...{ check: 'credential', cause: 'oci_config_missing', wrong: '/home/me/.oci/confg' },
    ...{ fix: 'unset OCI_CONFIG_FILE', forbidden: POLICY },
  },
  {
    ...{ id: 'oci-config-syntax', breaks: 'a line of ~/.oci/config has no "="' },
    arrange: (world) => void world.files.contents.set(CONFIG, '[DEFAULT]\nuser ocid1.user\n'),
    ...{ check: 'credential', cause: 'oci_config_invalid', wrong: 'line 2' },
    ...{ fix: `"\${EDITOR:-vi}" +2 ${CONFIG}`, forbidden: [...POLICY, 'oci setup'] },
  },
  {
    ...{ id: 'two-oci-configs', breaks: 'OCI_CONFIG_FILE and ~/.oci/config are different files' },
    arrange(world) {
      world.files.contents.set('/work/oci.conf', world.files.contents.get(CONFIG) ?? '')
      world.env['OCI_CONFIG_FILE'] = '/work/oci.conf'
    },
    ...{ check: 'credential', status: 'warn', cause: 'two_oci_configs', wrong: CONFIG },
    ...{ fix: 'export OCI_CLI_CONFIG_FILE=/work/oci.conf', forbidden: CREDENTIAL },
  },
  {
    ...{ id: 'profile-missing', breaks: 'OCI_PROFILE is misspelled' },
    arrange: (world) => void (world.env['OCI_PROFILE'] = 'DEFALUT'),
    ...{ check: 'credential', cause: 'profile_missing', wrong: 'no profile "DEFALUT"' },
    ...{ fix: 'export OCI_PROFILE=DEFAULT', forbidden: ['oci setup', ...POLICY] },
  },
  {
    ...{ id: 'auth-misspelled', breaks: 'OCI_AUTH is misspelled' },
    arrange: (world) => void (world.env['OCI_AUTH'] = 'instance_principle'),
    ...{ check: 'credential', cause: 'auth_kind_unknown', wrong: 'instance_principle' },
    ...{ fix: 'export OCI_AUTH=instance_principal', forbidden: POLICY },
  },
  {
    ...{ id: 'user-missing', breaks: 'the profile has no user' },
    arrange: (world) => setProfile(world, { user: undefined }),
    ...{ check: 'profile', cause: 'setting_missing', wrong: '"user"' },
    ...{ fix: 'user=ocid1.user.oc1..UNIQUE_ID', forbidden: POLICY },
  },
  {
    ...{ id: 'swapped-ocids', breaks: 'user and tenancy of the profile are swapped' },
    arrange(world) {
      const { user, tenancy } = world.identity
      setProfile(world, { user: tenancy, tenancy: user })
    },
    ...{ check: 'profile', cause: 'setting_malformed', wrong: 'of a user instead of a tenancy' },
    ...{ fix: 'tenancy=ocid1.tenancy.oc1..UNIQUE_ID', forbidden: POLICY },
  },
  {
    ...{ id: 'tenancy-of-other-realm', breaks: 'the tenancy is in a government realm' },
    arrange(world) {
      const inRealm = (ocid: string) => ocid.replace('.oc1.', '.oc2.')
      const { user, tenancy } = world.identity
      setProfile(world, { user: inRealm(user), tenancy: inRealm(tenancy) })
    },
    ...{ check: 'region', cause: 'realm_of_tenancy', wrong: 'realm oc2' },
    ...{ fix: 'export OCI_REGION=us-langley-1', forbidden: [...CREDENTIAL, ...POLICY].slice(0, 3) },
  },
  {
    ...{ id: 'key-missing', breaks: 'key_file names a file that does not exist' },
    arrange: (world) => setProfile(world, { key_file: '~/.oci/api_key.pem' }),
    ...{ check: 'key', cause: 'key_missing', wrong: '/home/me/.oci/api_key.pem' },
    ...{ fix: `key_file=${KEY}`, forbidden: ['fingerprint=', ...POLICY, 'openssl rsa'] },
  },
  {
    ...{ id: 'key-relative', breaks: 'key_file is the name of a file beside the configuration' },
    arrange(world) {
      world.files.contents.set('/home/me/.oci/my.pem', world.identity.privateKey)
      world.files.contents.delete(KEY)
      setProfile(world, { key_file: 'my.pem' })
    },
    ...{ check: 'key', cause: 'key_missing', wrong: '"my.pem"' },
    ...{ fix: 'key_file=/home/me/.oci/my.pem', forbidden: ['fingerprint=', ...POLICY] },
  },
  {
    ...{ id: 'key-with-variable', breaks: 'key_file has a variable of the shell' },
    arrange(world) {
      world.files.contents.set('/home/me/keys/my.pem', world.identity.privateKey)
      world.files.contents.delete(KEY)
      setProfile(world, { key_file: '$HOME/keys/my.pem' })
    },
    ...{ check: 'key', cause: 'key_missing', wrong: '"$HOME/keys/my.pem"' },
    ...{ fix: 'key_file=/home/me/keys/my.pem', forbidden: ['fingerprint=', ...POLICY] },
  },
  {
    ...{ id: 'key-lost', breaks: 'there is no private key on the machine' },
    arrange(world) {
      world.files.contents.delete(KEY)
      setProfile(world, { key_file: '~/.oci/lost.pem' })
    },
    ...{ check: 'key', cause: 'key_missing', wrong: '/home/me/.oci/lost.pem' },
    ...{ fix: 'key_file=/path/of/the/private_key.pem', forbidden: ['oci_api_key.pem', ...POLICY] },
  },
  {
    ...{ id: 'tenancy-in-quotes', breaks: 'the OCID of the tenancy is in quotation marks' },
    arrange: (world) => setProfile(world, { tenancy: `"${TENANCY}"` }),
    ...{ check: 'profile', cause: 'setting_malformed', wrong: 'quotation marks' },
    ...{ fix: `tenancy=${TENANCY}`, forbidden: ['UNIQUE_ID', ...POLICY] },
  },
  {
    ...{ id: 'key-unreadable', breaks: 'the key belongs to another user of the machine' },
    arrange: (world) => void world.files.failures.set(KEY, 'EACCES'),
    ...{ check: 'key', cause: 'file_unreadable', wrong: `no permission to read "${KEY}"` },
    fix: `sudo chown "$(id -un)" ${KEY} && chmod 600 ${KEY}`,
    forbidden: ['fingerprint=', ...POLICY, 'oci setup'],
  },
  {
    ...{ id: 'key-not-pem', breaks: 'key_file names another kind of file' },
    arrange: (world) => void world.files.contents.set(KEY, 'ssh-rsa AAAAB3Nza me@laptop'),
    ...{ check: 'key', cause: 'key_no_pem', wrong: '"-----BEGIN PRIVATE KEY-----"' },
    ...{ fix: 'key_file=/path/of/the/private_key.pem', forbidden: ['fingerprint=', ...POLICY] },
  },
  {
    ...{ id: 'key-truncated', breaks: 'the end of the key is missing' },
    arrange(world) {
      world.files.contents.set(KEY, world.identity.privateKey.slice(0, 900))
    },
    ...{ check: 'key', cause: 'key_truncated', wrong: 'no "-----END" line' },
    ...{ fix: 'key_file=/path/of/the/private_key.pem', forbidden: ['fingerprint=', ...POLICY] },
  },
  {
    ...{ id: 'public-key', breaks: 'key_file names the public key' },
    arrange(world) {
      world.files.contents.set('/home/me/.oci/oci_api_key_public.pem', pemOf('err-public-key'))
      setProfile(world, { key_file: '~/.oci/oci_api_key_public.pem' })
    },
    ...{ check: 'key', cause: 'key_public', wrong: 'is a public key' },
    ...{ fix: `key_file=${KEY}`, forbidden: ['fingerprint=', ...POLICY, 'openssl'] },
  },
  {
    ...{ id: 'openssh-key', breaks: 'the key is in OpenSSH format' },
    arrange(world) {
      const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} OPENSSH PRIVATE KEY-----`)
      world.files.contents.set(KEY, `${begin}\nb3BlbnNzaC1rZXktdjE=\n${end}\n`)
    },
    ...{ check: 'key', cause: 'key_openssh', wrong: 'OpenSSH format' },
    ...{ fix: `ssh-keygen -p -N "" -m pkcs8 -f ${KEY}`, forbidden: ['fingerprint=', ...POLICY] },
  },
  {
    ...{ id: 'passphrase-missing', breaks: 'the key is encrypted and there is no passphrase' },
    arrange: (world) => lockKey(world, {}),
    ...{ check: 'key', cause: 'passphrase_missing', wrong: 'is encrypted' },
    ...{ fix: 'pass_phrase=PASSPHRASE', forbidden: ['fingerprint=', 'key_file=', ...POLICY] },
  },
  {
    ...{ id: 'passphrase-wrong', breaks: 'the passphrase is wrong' },
    arrange: (world) => lockKey(world, { pass_phrase: PASSPHRASE.toLowerCase() }),
    ...{ check: 'key', cause: 'passphrase_wrong', wrong: '"pass_phrase"' },
    ...{ fix: 'pass_phrase=PASSPHRASE', forbidden: ['fingerprint=', 'key_file=', ...POLICY] },
  },
  {
    ...{ id: 'fingerprint-wrong', breaks: 'the fingerprint of the profile is mistyped' },
    arrange: (world) =>
      setProfile(world, { fingerprint: `00${world.identity.fingerprint.slice(2)}` }),
    ...{ check: 'fingerprint', cause: 'fingerprint_mismatch', wrong: '{fingerprint}' },
    ...{ fix: 'fingerprint={fingerprint}', forbidden: ['key_file=', 'openssl', ...POLICY] },
  },
  {
    ...{ id: 'fingerprint-in-variable', breaks: 'OCI_CLI_FINGERPRINT overrides the right one' },
    arrange: (world) => void (world.env['OCI_CLI_FINGERPRINT'] = PRIVATE_KEY.fingerprint),
    ...{ check: 'fingerprint', cause: 'fingerprint_mismatch', wrong: PRIVATE_KEY.fingerprint },
    ...{ fix: 'export OCI_CLI_FINGERPRINT={fingerprint}', forbidden: ['key_file=', ...POLICY] },
  },
  {
    ...{ id: 'other-key', breaks: 'key_file names the key of another user' },
    arrange(world) {
      world.files.contents.set('/home/me/.oci/other.pem', PRIVATE_KEY.pkcs8Pem)
      setProfile(world, { key_file: '~/.oci/other.pem' })
    },
    ...{ check: 'fingerprint', cause: 'key_file_of_other_key', wrong: PRIVATE_KEY.fingerprint },
    ...{ fix: `key_file=${KEY}`, forbidden: ['fingerprint=', 'openssl', ...POLICY] },
  },
  {
    ...{ id: 'other-key-only', breaks: 'the key was replaced by that of another user' },
    arrange: ({ files }) => void files.contents.set(KEY, PRIVATE_KEY.pkcs8Pem),
    ...{ check: 'fingerprint', cause: 'key_of_other_fingerprint', wrong: PRIVATE_KEY.fingerprint },
    fix: 'key_file=/path/of/the/private_key.pem',
    forbidden: ['fingerprint=', 'openssl', ...POLICY],
  },
  {
    ...{ id: 'open-permissions', breaks: 'all users of the machine can read the key' },
    arrange: (world) => void world.files.modes.set(KEY, 0o644),
    ...{ check: 'permissions', status: 'warn', cause: 'open_permissions', wrong: 'mode 644' },
    ...{ fix: `chmod 600 ${KEY}`, forbidden: [...CREDENTIAL, ...POLICY] },
  },
  {
    ...{ id: 'region-misspelled', breaks: 'the region is misspelled' },
    arrange: (world) => setProfile(world, { region: 'us-chigaco-1' }),
    ...{ check: 'region', cause: 'region_unknown', wrong: '"us-chigaco-1"' },
    ...{ fix: 'export OCI_REGION=us-chicago-1', forbidden: [...CREDENTIAL, ...POLICY, 'nslookup'] },
  },
  {
    ...{ id: 'region-not-subscribed', breaks: 'the tenancy is not subscribed to the region' },
    arrange(world) {
      world.simulator.tenancy = { subscriptions: ['eu-frankfurt-1'] }
    },
    ...{ check: 'authentication', cause: 'region_not_subscribed', wrong: 'eu-frankfurt-1' },
    ...{ fix: 'export OCI_REGION=eu-frankfurt-1', forbidden: [...CREDENTIAL, ...POLICY] },
  },
  {
    ...{ id: 'region-without-service', breaks: 'the region has no Generative AI service' },
    arrange: (world) => setProfile(world, { region: 'eu-madrid-1' }),
    ...{ check: 'dns', cause: 'region_without_service', wrong: 'eu-madrid-1' },
    ...{ fix: 'export OCI_REGION=eu-frankfurt-1', forbidden: [...CREDENTIAL, ...POLICY] },
  },
  {
    ...{ id: 'session-expired', breaks: 'the session has expired' },
    arrange: (world) => openSession(world, { age: 7_200_000 }),
    ...{ check: 'token', cause: 'session_expired', wrong: 'expired 1 h ago' },
    ...{ fix: LOGIN, forbidden: [...POLICY, ...CLOCK, 'openssl'] },
  },
  {
    ...{ id: 'session-ending', breaks: 'the session token expires in two minutes' },
    arrange: (world) => openSession(world, { lifetime: 120 }),
    ...{ check: 'token', status: 'warn', cause: 'session_ending', wrong: 'expires in 2 min' },
    ...{ fix: 'oci session refresh --profile DEFAULT', forbidden: POLICY },
  },
  {
    ...{ id: 'session-of-quoted-profile', breaks: "the token of profile MY TEAM'S expires soon" },
    async arrange(world) {
      await openSession(world, { lifetime: 120 })
      const text = world.files.contents.get(CONFIG)
      world.files.contents.set(CONFIG, `${text}`.replace('[DEFAULT]', "[MY TEAM'S]"))
      world.env['OCI_PROFILE'] = "MY TEAM'S"
    },
    ...{ check: 'token', status: 'warn', cause: 'session_ending', wrong: 'expires in 2 min' },
    ...{ fix: `oci session refresh --profile 'MY TEAM'\\''S'`, forbidden: POLICY },
  },
  {
    ...{ id: 'session-of-other-user', breaks: 'the token is that of another user' },
    async arrange(world) {
      await openSession(world)
      const { privateKey } = await createDemoIdentity()
      world.files.contents.set(KEY, privateKey)
    },
    ...{ check: 'token', cause: 'session_of_other_key', wrong: 'issued for another private key' },
    ...{ fix: LOGIN, forbidden: [...POLICY, 'key_file='] },
  },
  {
    ...{ id: 'session-missing', breaks: 'the file of the session token was deleted' },
    async arrange(world) {
      await openSession(world)
      world.files.contents.delete('/home/me/.oci/sessions/DEFAULT/token')
    },
    ...{ check: 'token', cause: 'session_missing', wrong: 'sessions/DEFAULT/token' },
    ...{ fix: LOGIN, forbidden: POLICY },
  },
  {
    ...{ id: 'session-ended', breaks: 'the session was ended in the Console' },
    async arrange(world) {
      await openSession(world)
      world.simulator.issuer = createTokenIssuer()
    },
    ...{ check: 'authentication', cause: 'session_not_accepted', wrong: 'the session was ended' },
    ...{ fix: LOGIN, forbidden: [...POLICY, 'openssl'] },
  },
  {
    ...{ id: 'not-on-oci', breaks: 'OCI_AUTH=instance_principal on a laptop' },
    arrange(world) {
      Object.assign(world.env, { OCI_AUTH: 'instance_principal', OCI_REGION: 'us-chicago-1' })
      world.intercept = ({ hostname }) => {
        if (hostname === '169.254.169.254') throw fetchError('EHOSTUNREACH')
        return undefined
      }
    },
    ...{ check: 'token', cause: 'not_on_oci', wrong: 'is not an OCI compute instance' },
    ...{ fix: 'unset OCI_AUTH', forbidden: [...POLICY, 'fingerprint=', ...CLOCK] },
  },
  {
    ...{ id: 'metadata-page', breaks: 'a captive portal answers OCI_AUTH=instance_principal' },
    arrange(world) {
      Object.assign(world.env, { OCI_AUTH: 'instance_principal', OCI_REGION: 'us-chicago-1' })
      world.intercept = () => page()
    },
    ...{ check: 'token', cause: 'metadata_page', wrong: 'captive portal' },
    ...{ fix: 'unset OCI_AUTH', forbidden: [...POLICY, 'fingerprint=', ...CLOCK] },
  },
  {
    ...{
      id: 'metadata-redirect',
      breaks: 'a captive portal redirects OCI_AUTH=instance_principal',
    },
    arrange(world) {
      Object.assign(world.env, { OCI_AUTH: 'instance_principal', OCI_REGION: 'us-chicago-1' })
      world.intercept = () => Response.redirect('http://portal.example/')
    },
    ...{ check: 'token', cause: 'metadata_page', wrong: 'captive portal' },
    ...{ fix: 'unset OCI_AUTH', forbidden: [...POLICY, 'fingerprint=', ...CLOCK] },
  },
  {
    ...{ id: 'resource-principal-elsewhere', breaks: 'OCI_AUTH=resource_principal on a laptop' },
    arrange(world) {
      Object.assign(world.env, { OCI_AUTH: 'resource_principal', OCI_REGION: 'us-chicago-1' })
    },
    ...{ check: 'token', cause: 'variables_missing', wrong: 'OCI_RESOURCE_PRINCIPAL' },
    ...{ fix: 'unset OCI_AUTH', forbidden: [...POLICY, ...CLOCK] },
  },
  {
    ...{ id: 'proxy-down', breaks: 'HTTPS_PROXY names a proxy that is down, and none is needed' },
    arrange(world) {
      world.runtime = { name: 'bun', version: '1.4.5' }
      world.env['HTTPS_PROXY'] = 'http://proxy.example:3128'
      world.connection = ({ host }) =>
        host === 'proxy.example' ? { type: 'failed', code: 'ECONNREFUSED' } : undefined
      failCalls(world, 'ECONNREFUSED')
    },
    ...{ check: 'proxy', cause: 'proxy_unneeded', wrong: 'proxy.example:3128' },
    ...{ fix: 'unset HTTPS_PROXY', forbidden: [...CREDENTIAL, ...POLICY, 'NODE_USE_ENV_PROXY'] },
  },
  {
    ...{ id: 'proxy-wrong', breaks: 'the port of a proxy that is needed is wrong' },
    arrange(world) {
      world.runtime = { name: 'deno', version: '2.9.5' }
      world.env['HTTPS_PROXY'] = 'http://proxy.example:3129'
      world.connection = () => ({ type: 'failed', code: 'ETIMEDOUT' })
      failCalls(world, 'ETIMEDOUT')
    },
    ...{ check: 'proxy', cause: 'proxy_unreachable', wrong: 'proxy.example:3129' },
    ...{ fix: 'export HTTPS_PROXY=http://HOST:PORT', forbidden: [...CREDENTIAL, 'unset'] },
  },
  {
    ...{ id: 'proxy-refuses', breaks: 'the proxy does not connect to OCI' },
    arrange(world) {
      world.runtime = { name: 'bun', version: '1.4.5' }
      world.env['HTTPS_PROXY'] = 'http://proxy.example:3128'
      failCalls(world, 'ERR_PROXY_TUNNEL')
    },
    ...{ check: 'proxy', cause: 'proxy_refuses', wrong: 'does not connect to' },
    ...{ fix: `export NO_PROXY=${CONTROL}`, forbidden: [...CREDENTIAL, 'unset'] },
  },
  {
    ...{ id: 'proxy-ignored', breaks: 'the network needs the proxy, which Node ignores' },
    arrange(world) {
      world.env['HTTPS_PROXY'] = 'http://proxy.example:3128'
      world.unknownHosts = /oraclecloud/
      failCalls(world, 'ENOTFOUND')
    },
    ...{ check: 'dns', cause: 'proxy_ignored', wrong: 'Node does not use HTTPS_PROXY' },
    ...{ fix: 'export NODE_USE_ENV_PROXY=1', forbidden: [...CREDENTIAL, 'unset', 'nslookup'] },
  },
  {
    ...{ id: 'proxy-unused', breaks: 'HTTPS_PROXY is wrong, and Node ignores it' },
    arrange(world) {
      world.env['https_proxy'] = 'http://proxy.example:3128'
      world.connection = ({ host }) =>
        host === 'proxy.example' ? { type: 'failed', code: 'ENOTFOUND' } : undefined
    },
    ...{ check: 'proxy', status: 'warn', cause: 'proxy_unused', wrong: 'NODE_USE_ENV_PROXY' },
    ...{ fix: 'unset https_proxy', forbidden: CREDENTIAL },
  },
  {
    ...{ id: 'proxy-of-http', breaks: 'all proxies are down, and OCI_GENAI_ENDPOINT has no TLS' },
    arrange(world) {
      const url = 'http://127.0.0.1:4010'
      Object.assign(world.env, { OCI_GENAI_ENDPOINT: url, OCI_GENAI_CONTROL_ENDPOINT: url })
      world.env['NODE_USE_ENV_PROXY'] = '1'
      world.env['HTTPS_PROXY'] = 'http://secure.example:3128'
      world.env['HTTP_PROXY'] = 'http://plain.example:3128'
      world.connection = ({ host }) =>
        host.endsWith('.example') ? { type: 'failed', code: 'ECONNREFUSED' } : undefined
      failCalls(world, 'ECONNRESET')
    },
    ...{ check: 'proxy', cause: 'proxy_unneeded', wrong: 'plain.example:3128' },
    ...{ fix: 'unset HTTP_PROXY', forbidden: [...CREDENTIAL, 'HTTPS_PROXY'] },
  },
  {
    ...{ id: 'proxy-other', breaks: 'HTTP_PROXY is wrong, and Node uses only HTTPS_PROXY' },
    arrange(world) {
      world.env['NODE_USE_ENV_PROXY'] = '1'
      world.env['HTTP_PROXY'] = 'http://plain.example:3128'
      world.connection = ({ host }) =>
        host === 'plain.example' ? { type: 'failed', code: 'ECONNREFUSED' } : undefined
    },
    ...{ check: 'proxy', status: 'warn', cause: 'proxy_unused', wrong: 'for other addresses' },
    ...{ fix: 'unset HTTP_PROXY', forbidden: CREDENTIAL },
  },
  {
    ...{ id: 'dns', breaks: 'the machine has no DNS server' },
    arrange(world) {
      world.unknownHosts = /./
      failCalls(world, 'ENOTFOUND')
    },
    ...{ check: 'dns', cause: 'dns_failed', wrong: CONTROL },
    ...{ fix: `nslookup ${CONTROL}`, forbidden: [...CREDENTIAL, ...POLICY, 'OCI_REGION'] },
  },
  {
    ...{ id: 'connection-refused', breaks: 'a firewall rejects connections to OCI' },
    arrange(world) {
      world.connection = () => ({ type: 'failed', code: 'ECONNREFUSED' })
      failCalls(world, 'ECONNREFUSED')
    },
    ...{ check: 'connection', cause: 'connection_failed', wrong: 'ECONNREFUSED' },
    ...{ fix: `nc -vz ${CONTROL} 443`, forbidden: [...CREDENTIAL, ...POLICY] },
  },
  {
    ...{ id: 'endpoint-down', breaks: 'nothing listens at OCI_GENAI_ENDPOINT' },
    arrange(world) {
      world.env['OCI_GENAI_ENDPOINT'] = 'http://127.0.0.1:4010'
      world.env['OCI_GENAI_CONTROL_ENDPOINT'] = 'http://127.0.0.1:4010'
      world.connection = () => ({ type: 'failed', code: 'ECONNREFUSED' })
      failCalls(world, 'ECONNREFUSED')
    },
    ...{ check: 'connection', cause: 'endpoint_unreachable', wrong: 'OCI_GENAI_CONTROL_ENDPOINT' },
    ...{ fix: 'unset OCI_GENAI_CONTROL_ENDPOINT', forbidden: [...CREDENTIAL, 'nc -vz'] },
  },
  {
    ...{ id: 'unknown-authority', breaks: 'a proxy of the company inspects TLS' },
    arrange: (world) => distrust(world, undefined),
    ...{ check: 'tls', cause: 'unknown_authority', wrong: '"Company CA"' },
    fix: 'export NODE_EXTRA_CA_CERTS=/path/of/the/authority.pem',
    forbidden: [...CREDENTIAL, ...POLICY, ...CLOCK],
  },
  {
    ...{ id: 'unknown-authority-of-machine', breaks: 'only the machine trusts the company' },
    arrange: (world) => distrust(world, '/etc/ssl/certs/ca-certificates.crt'),
    ...{ check: 'tls', cause: 'unknown_authority', wrong: '"Company CA"' },
    fix: 'export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt',
    forbidden: [...CREDENTIAL, ...POLICY, ...CLOCK],
  },
  {
    ...{ id: 'cert-bundle', breaks: 'the authority is only in OCI_CLI_CERT_BUNDLE' },
    arrange(world) {
      world.env['OCI_CLI_CERT_BUNDLE'] = '/work/company.pem'
      distrust(world, '/work/company.pem')
    },
    ...{ check: 'tls', cause: 'cert_bundle_ignored', wrong: 'OCI_CLI_CERT_BUNDLE' },
    ...{ fix: 'export NODE_EXTRA_CA_CERTS=/work/company.pem', forbidden: CREDENTIAL },
  },
  {
    ...{ id: 'certificate-expired', breaks: 'the certificate has expired' },
    arrange(world) {
      const certificate = {
        ...{ isTrusted: false, issuer: 'Company CA', subject: CONTROL },
        validTo: 'Jan  1 00:00:00 2021 GMT',
      }
      world.connection = ({ tls }) => tls ? { type: 'open', certificate } : undefined
      failCalls(world, 'CERT_HAS_EXPIRED')
    },
    ...{ check: 'tls', cause: 'certificate_expired', wrong: 'Jan  1 00:00:00 2021' },
    ...{ fix: 'date', forbidden: [...CREDENTIAL, ...POLICY, 'NODE_EXTRA_CA_CERTS'] },
  },
  {
    ...{ id: 'captive-portal', breaks: 'the network of a hotel answers with its own page' },
    arrange: (world) => void (world.intercept = () => page()),
    ...{ check: 'tls', cause: 'captive_portal', wrong: 'web page' },
    fix: 'curl -sI http://neverssl.com',
    forbidden: [...CREDENTIAL, ...POLICY, ...CLOCK, 'OCI_REGION'],
  },
  {
    ...{ id: 'endpoint-not-oci', breaks: 'OCI_GENAI_ENDPOINT is the address of a web page' },
    arrange(world) {
      world.env['OCI_GENAI_ENDPOINT'] = 'https://wiki.example'
      world.env['OCI_GENAI_CONTROL_ENDPOINT'] = 'https://wiki.example'
      world.intercept = () => page()
    },
    ...{ check: 'tls', cause: 'endpoint_not_oci', wrong: 'wiki.example' },
    ...{ fix: 'unset OCI_GENAI_CONTROL_ENDPOINT', forbidden: [...CREDENTIAL, 'neverssl'] },
  },
  {
    ...{ id: 'clock-slow', breaks: 'the clock of the machine is 6 min 18 s slow' },
    arrange: (world) => void (world.offset = -377_500),
    ...{ check: 'clock', cause: 'clock_skew', wrong: '6 min 18 s slow' },
    ...{ fix: 'timedatectl set-ntp true', forbidden: [...CREDENTIAL, ...POLICY] },
  },
  {
    ...{ id: 'clock-fast', breaks: 'the clock of the machine is two hours fast' },
    arrange: (world) => void (world.offset = 7_200_000),
    ...{ check: 'clock', cause: 'clock_skew', wrong: '2 h fast' },
    ...{ fix: 'timedatectl set-ntp true', forbidden: [...CREDENTIAL, ...POLICY] },
  },
  {
    ...{ id: 'clock-and-session', breaks: 'the clock is two hours fast, with a valid session' },
    async arrange(world) {
      await openSession(world)
      world.offset = 7_200_000
    },
    ...{ check: 'clock', cause: 'clock_skew', wrong: '2 h fast' },
    ...{ fix: 'timedatectl set-ntp true', forbidden: ['oci session', ...POLICY] },
  },
  {
    ...{ id: 'clock-drift', breaks: 'the clock is two minutes fast' },
    arrange: (world) => void (world.offset = 120_000),
    ...{ check: 'clock', status: 'warn', cause: 'clock_drift', wrong: '2 min fast' },
    ...{ fix: 'timedatectl set-ntp true', forbidden: CREDENTIAL },
  },
  {
    ...{ id: 'key-not-uploaded', breaks: 'the key is not uploaded, or the user is deactivated' },
    arrange: (world) => void (world.simulator.publicKeys = new Map()),
    ...{ check: 'authentication', cause: 'key_not_accepted', wrong: 'or the user is deactivated' },
    ...{ fix: `openssl rsa -pubout -in ${KEY}`, forbidden: [...POLICY, ...CLOCK, 'key_file='] },
  },
  {
    ...{ id: 'key-not-accepted-at-endpoint', breaks: 'the same, at a configured endpoint' },
    arrange(world) {
      world.env['OCI_GENAI_ENDPOINT'] = 'http://127.0.0.1:4010'
      world.env['OCI_GENAI_CONTROL_ENDPOINT'] = 'http://127.0.0.1:4010'
      world.simulator.publicKeys = new Map()
    },
    ...{
      check: 'authentication',
      cause: 'key_not_accepted',
      wrong: 'not subscribed to the region',
    },
    ...{ fix: `openssl rsa -pubout -in ${KEY}`, forbidden: [...POLICY, ...CLOCK, 'key_file='] },
  },
  {
    ...{ id: 'policy-missing', breaks: 'no policy allows the use of Generative AI' },
    arrange: (world) => void (world.simulator.tenancy = { allows: () => false }),
    ...{ check: 'authorization', cause: 'policy_missing_in_root', wrong: 'policy allows profile' },
    fix: 'Allow group G to use generative-ai-family in tenancy',
    forbidden: [...CREDENTIAL, ...CLOCK, 'OCI_REGION', 'compartment list'],
  },
  {
    ...{ id: 'policy-missing-in-compartment', breaks: 'no policy applies to the compartment' },
    arrange(world) {
      world.env['OCI_COMPARTMENT_ID'] = COMPARTMENT
      world.simulator.tenancy = { allows: () => false }
    },
    ...{ check: 'authorization', cause: 'policy_missing', wrong: 'compartment simulated' },
    fix: `Allow group G to use generative-ai-family in compartment id ${COMPARTMENT}`,
    forbidden: [...CREDENTIAL, ...CLOCK, 'compartment list'],
  },
  {
    ...{ id: 'compartment-unknown', breaks: 'the compartment is that of another tenancy' },
    arrange(world) {
      world.env['OCI_COMPARTMENT_ID'] = COMPARTMENT
      world.simulator.tenancy = { compartments: new Set() }
    },
    ...{ check: 'authorization', cause: 'compartment_not_found', wrong: COMPARTMENT },
    ...{ fix: LIST_COMPARTMENTS, forbidden: [...CREDENTIAL, ...POLICY, ...CLOCK] },
  },
  {
    ...{ id: 'policy-or-compartment', breaks: 'policy and compartment are missing' },
    arrange(world) {
      world.env['OCI_COMPARTMENT_ID'] = COMPARTMENT
      world.simulator.tenancy = { compartments: new Set(), allows: () => false }
    },
    ...{ check: 'authorization', cause: 'policy_or_compartment', wrong: 'To tell them apart' },
    fix: `Allow group G to use generative-ai-family in compartment id ${COMPARTMENT}`,
    forbidden: [...CREDENTIAL, ...CLOCK],
  },
  {
    ...{ id: 'policy-to-inspect', breaks: 'the policy allows to list models, not to call them' },
    arrange: (world) =>
      void (world.simulator.tenancy = { allows: (action) => action === 'inspect' }),
    ...{ check: 'chat', cause: 'use_not_allowed', wrong: 'can be listed, but not called' },
    fix: 'Allow group G to use generative-ai-family in tenancy',
    forbidden: [...CREDENTIAL, 'OCI_REGION'],
  },
  {
    ...{ id: 'list-not-allowed', breaks: 'the policy allows to call models, not to list them' },
    arrange: (world) => void (world.simulator.tenancy = { allows: (action) => action === 'use' }),
    ...{ check: 'authorization', status: 'warn', cause: 'list_not_allowed', wrong: 'built-in' },
    fix: 'Allow group G to use generative-ai-family in tenancy',
    forbidden: CREDENTIAL,
  },
  {
    ...{ id: 'rate-limited', breaks: 'OCI limits the rate of the tenancy' },
    arrange: (world) =>
      answerChats(world, 429, { code: 'TooManyRequests', message: 'Too many requests' }, {
        'retry-after': '17',
      }),
    ...{ check: 'chat', cause: 'rate_limited', wrong: '429' },
    ...{ fix: 'sleep 17 && oci-gateway doctor', forbidden: [...CREDENTIAL, ...POLICY] },
  },
  {
    ...{ id: 'service-failing', breaks: "OCI's service fails" },
    arrange: (world) => answerChats(world, 500, { code: 'InternalServerError', message: 'Oops' }),
    ...{ check: 'chat', cause: 'service_failing', wrong: '500: Oops' },
    ...{ fix: 'sleep 30 && oci-gateway doctor', forbidden: [...CREDENTIAL, ...POLICY] },
  },
  {
    ...{
      id: 'bearer-key-of-other-region',
      breaks: 'the Generative AI API key is of another region',
    },
    arrange(world) {
      useBearerKey(world)
      world.simulator.bearerRegion = 'us-ashburn-1'
    },
    ...{ check: 'authentication', cause: 'genai_key_of_other_region', wrong: 'us-ashburn-1' },
    ...{ fix: 'export OCI_REGION=us-ashburn-1', forbidden: [...CREDENTIAL, ...POLICY] },
  },
  {
    ...{ id: 'bearer-key-unknown', breaks: 'the Generative AI API key has expired' },
    arrange(world) {
      useBearerKey(world)
      world.simulator.bearerKeys = new Set()
    },
    ...{ check: 'authentication', cause: 'genai_key_not_accepted', wrong: 'To tell them apart' },
    fix: 'Allow any-user to use generative-ai-family in compartment C where ALL ' +
      "{request.principal.type='generativeaiapikey'}",
    forbidden: [...CREDENTIAL, ...CLOCK, 'OCI_REGION'],
  },
  {
    ...{ id: 'alias-misspelled', breaks: 'an alias selects a model that does not exist' },
    arrange: (world) => void (world.env['MODEL_MAP'] = '{"fast":"xai.grok-4.33"}'),
    ...{ check: 'aliases', cause: 'model_unknown', wrong: 'alias "fast" selects' },
    fix: `export MODEL_MAP='{"fast":"xai.grok-4.3"}'`,
    forbidden: [...CREDENTIAL, ...POLICY, 'OCI_REGION'],
  },
  {
    ...{ id: 'alias-retired', breaks: 'an alias selects a retired model' },
    arrange: (world) => void (world.env['MODEL_MAP'] = '{"fast":"meta.llama-3.1-70b-instruct"}'),
    ...{ check: 'aliases', cause: 'model_retired', wrong: 'which OCI has retired' },
    fix: `export MODEL_MAP='{"fast":"meta.llama-3.3-70b-instruct"}'`,
    forbidden: [...CREDENTIAL, ...POLICY, 'OCI_REGION'],
  },
  {
    ...{ id: 'alias-in-other-region', breaks: 'another region serves the model of an alias' },
    arrange(world) {
      world.env['MODEL_MAP'] = '{"fast":"xai.grok-4.3"}'
      world.simulator.tenancy = {
        models: new Map([
          ['us-chicago-1', ['meta.llama-3.3-70b-instruct']],
          ['eu-frankfurt-1', ['cohere.command-a-03-2025']],
        ]),
      }
    },
    ...{ check: 'aliases', cause: 'model_in_other_region', wrong: 'which us-ashburn-1 serve' },
    ...{
      fix: 'export OCI_REGION=us-ashburn-1',
      forbidden: [...CREDENTIAL, ...POLICY, 'MODEL_MAP'],
    },
  },
  {
    ...{ id: 'ocid-in-unknown-region', breaks: 'an alias names an OCID of an unknown region' },
    arrange: (world) => configure(world, `{ "aliases": { "fast": "${OCID_ELSEWHERE}" } }`),
    ...{ check: 'aliases', cause: 'model_in_other_region', wrong: 'us-atlantis-1' },
    ...{ fix: 'export OCI_REGION=us-atlantis-1', forbidden: [...CREDENTIAL, ...POLICY] },
  },
  {
    ...{ id: 'alias-in-file', breaks: 'an alias of the configuration file is misspelled' },
    arrange: (world) => configure(world, '{ "aliases": { "fast": "openai.gpt-oss-120" } }'),
    ...{ check: 'aliases', cause: 'model_unknown', wrong: '"openai.gpt-oss-120"' },
    fix: `perl -pi -e 's/"openai\\.gpt-oss-120"/"openai.gpt-oss-120b"/' /work/gateway.json`,
    forbidden: [...CREDENTIAL, 'MODEL_MAP'],
  },
  {
    ...{ id: 'model-misspelled', breaks: 'the requested model does not exist' },
    ...{ flags: '--model openai.gpt-oss-120', arrange() {} },
    ...{ check: 'chat', cause: 'model_unknown', wrong: '"openai.gpt-oss-120"' },
    fix: 'oci-gateway doctor --model openai.gpt-oss-120b',
    forbidden: [...CREDENTIAL, ...POLICY, 'OCI_REGION'],
  },
  {
    ...{ id: 'exposed-without-key', breaks: 'all machines can reach the gateway, without a key' },
    arrange: (world) => void (world.env['HOST'] = '0.0.0.0'),
    ...{ check: 'exposure', cause: 'exposed_without_key', wrong: 'listens on 0.0.0.0' },
    ...{ fix: RANDOM_KEY, forbidden: CREDENTIAL },
  },
  {
    ...{ id: 'weak-key', breaks: 'an API key of the gateway is short' },
    arrange: (world) => void (world.env['GATEWAY_API_KEYS'] = 'secret'),
    ...{ check: 'exposure', status: 'warn', cause: 'api_key_weak', wrong: 'can be guessed' },
    ...{ fix: RANDOM_KEY, forbidden: CREDENTIAL },
  },
  {
    ...{ id: 'port-in-use', breaks: 'another program listens on the port' },
    arrange(world) {
      world.takenPorts = new Map([[8050, 'EADDRINUSE'], [8051, 'EADDRINUSE']])
      world.intercept = ({ port }) => port === '8050' ? new Response('Jenkins') : undefined
    },
    ...{ check: 'port', cause: 'port_in_use', wrong: 'in use by another program' },
    ...{ fix: 'export PORT=8052', forbidden: CREDENTIAL },
  },
  {
    ...{ id: 'port-of-root', breaks: 'the user may not listen on port 80' },
    arrange(world) {
      world.env['PORT'] = '80'
      world.takenPorts = new Map([[80, 'EACCES']])
    },
    ...{ check: 'port', cause: 'port_not_permitted', wrong: 'may not listen on port 80' },
    ...{ fix: 'export PORT=8050', forbidden: CREDENTIAL },
  },
]

/** Certificates of a company that only the authorities of one file, or of none, trust. */
function distrust(world: World, bundle: string | undefined): void {
  if (bundle !== undefined) world.files.contents.set(bundle, 'the authority')
  const names = { issuer: 'Company CA', subject: CONTROL, validTo: 'Jan  1 00:00:00 2120 GMT' }
  world.connection = ({ tls, authorities }) => {
    const isTrusted = authorities === 'the authority'
    return tls ? { type: 'open', certificate: { ...names, isTrusted } } : undefined
  }
  failCalls(world, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY')
}

function page(): Response {
  return new Response('<html>Welcome</html>', { headers: { 'content-type': 'text/html' } })
}

function useBearerKey(world: World): void {
  world.files.contents.clear()
  Object.assign(world.env, { OCI_GENAI_API_KEY: 'sk-simulator', OCI_REGION: 'us-chicago-1' })
  world.simulator.bearerKeys = new Set(['sk-simulator'])
}
