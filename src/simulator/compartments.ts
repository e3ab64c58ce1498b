import { checkCompartment } from './check-request.ts'
import { ocid } from './identity.ts'
import { pageOf } from './paging.ts'
import { badParameter, type ServiceError } from './service-error.ts'

/** A compartment of `ListCompartments`. */
interface Compartment {
  id: string
  /** The parent: another compartment or the tenancy. */
  compartmentId: string
  name: string
  description: string
  lifecycleState: string
  timeCreated: string
  freeformTags: Readonly<Record<string, string>>
}

const PARAMETERS: ReadonlyMap<string, RegExp> = new Map([
  ['compartmentId', /./],
  ['compartmentIdInSubtree', /^(true|false)$/],
  ['accessLevel', /^(ANY|ACCESSIBLE)$/],
  ['lifecycleState', /^(CREATING|ACTIVE|INACTIVE|DELETING|DELETED|FAILED)$/],
  ['name', /./],
  ['sortBy', /^(TIMECREATED|NAME)$/],
  ['sortOrder', /^(ASC|DESC)$/],
  ['limit', /./],
  ['page', /./],
])

/** More than one page, of two levels, and one that is deleted. */
const NAMES = [
  ...['ai', 'ai/chat', 'ai/research', 'ai/sandbox', 'billing', 'data', 'data/lake', 'dev'],
  ...['network', 'prod', 'security', 'staging'],
]
const DELETED = 'legacy'

/** `GET /20160918/compartments` of the identity service. Its answer is an array. */
export function answerCompartments(
  query: URLSearchParams,
  keyId: string,
): Response | ServiceError {
  const compartment = query.get('compartmentId')
  if (compartment === null) return badParameter('Missing compartmentId')
  const error = checkCompartment(compartment, keyId) ?? checkParameters(query)
  if (error) return error
  const isRoot = compartment.startsWith('ocid1.tenancy.')
  const inSubtree = query.get('compartmentIdInSubtree') === 'true'
  if (inSubtree && !isRoot) {
    return badParameter('compartmentIdInSubtree requires the tenancy as compartmentId')
  }
  const matches = listCompartments(isRoot ? compartment : ocid('tenancy'))
    .filter(({ compartmentId }) => inSubtree || compartmentId === compartment)
    .filter(({ lifecycleState, name }) =>
      (query.get('lifecycleState') ?? lifecycleState) === lifecycleState &&
      (query.get('name') ?? name) === name
    )
  const page = pageOf(matches, query)
  return 'code' in page ? page : Response.json(page.items, { headers: page.headers })
}

function checkParameters(query: URLSearchParams): ServiceError | undefined {
  const wrong = [...query].find(([name, value]) => !PARAMETERS.get(name)?.test(value))
  return wrong && badParameter(`Invalid ${wrong[0]}: ${wrong[1]}`)
}

function listCompartments(tenancy: string): Compartment[] {
  return [...NAMES, DELETED].map((path) => {
    const [parent, name = parent] = path.split('/')
    return {
      id: compartmentOcid(path),
      compartmentId: path.includes('/') ? compartmentOcid(parent ?? '') : tenancy,
      name: name ?? '',
      description: `The compartment ${path}`,
      lifecycleState: path === DELETED ? 'DELETED' : 'ACTIVE',
      timeCreated: '2025-01-10T10:00:00.000Z',
      freeformTags: {},
    }
  })
}

function compartmentOcid(path: string): string {
  return ocid(`compartment`).replace(/a{20}$/, path.replace('/', '').padEnd(20, 'a'))
}
