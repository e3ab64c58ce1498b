import { fail, type Finding, ok, skip, warn } from '../finding.ts'
import { noProxyWith, proxyUrl, proxyVariables, readsProxyVariables } from '../proxy.ts'
import type { Session } from '../session.ts'
import { connectToProxy, findTargets, isProxied, type Target } from '../targets.ts'

/** Whether the proxies that the environment names can be reached, and whether they are used. */
export async function checkProxy(session: Session): Promise<Finding> {
  const { env, runtime } = session.machine
  const all = proxyVariables(env)
  if (all.length === 0) return ok('none')
  const targets = await findTargets(session)
  if (targets.length === 0) return skip('the address of OCI is unknown')
  const usersOf = (name: string) =>
    targets.filter((target) => target.proxy?.name === name && isProxied(target))
  // The failure of one that is used must not be hidden behind a warning.
  const variables = all.toSorted((one, other) =>
    Number(usersOf(other.name).length > 0) - Number(usersOf(one.name).length > 0)
  )
  for (const { name, text } of variables) {
    const users = usersOf(name)
    const url = proxyUrl(text)
    if (url === undefined) {
      return users.length > 0
        ? fail('proxy_malformed', { variable: name })
        : warn('proxy_malformed', { variable: name })
    }
    const connection = await connectToProxy(url, session)
    if (connection.type === 'open') continue
    const values = { variable: name, proxy: url.host, code: connection.code }
    const [user] = users
    if (user !== undefined) return await explainUnreachable(values, user, session)
    const reason = runtime.name === 'node' && !readsProxyVariables({ env, runtime })
      ? 'Node reads it only with NODE_USE_ENV_PROXY=1, and NO_PROXY can exclude hosts'
      : 'it is for other addresses, or NO_PROXY excludes them'
    return warn('proxy_unused', { ...values, reason })
  }
  return await checkPassage(targets, session) ?? ok(describe(targets, variables[0]?.name ?? ''))
}

async function explainUnreachable(
  values: { variable: string; proxy: string; code: string },
  { host, port, url }: Target,
  { machine }: Session,
): Promise<Finding> {
  const direct = await machine.network.connect({ host, port, tls: url.protocol === 'https:' })
  return direct.type === 'open'
    ? fail('proxy_unneeded', { ...values, host })
    : fail('proxy_unreachable', { ...values, host })
}

/** A proxy may be there and not connect to OCI. */
async function checkPassage(
  targets: readonly Target[],
  session: Session,
): Promise<Finding | undefined> {
  for (const target of targets.filter(isProxied)) {
    const answer = await session.probe(target.url)
    if (answer.type === 'failed' && answer.code === 'ERR_PROXY_TUNNEL') {
      const variable = target.proxy?.name ?? ''
      const proxy = proxyUrl(target.proxy?.text ?? '')?.host ?? ''
      const value = noProxyWith(target.host, session.machine.env)
      return fail('proxy_refuses', { variable, proxy, host: target.host, value })
    }
  }
  return undefined
}

function describe(targets: readonly Target[], variable: string): string {
  const [used] = targets.filter(isProxied)
  if (used) return `${used.proxy?.name} is used`
  return targets.some(({ proxy }) => proxy?.unusedBecause === 'runtime')
    ? `${variable} is set, but Node reads it only with NODE_USE_ENV_PROXY=1: calls go out directly`
    : `${variable} is set, but not for these addresses`
}
