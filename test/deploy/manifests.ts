import assert from 'node:assert/strict'
import { parseAllDocuments } from 'yaml'
import { type Printed, run } from './programs.ts'

/** A Kubernetes object. */
export interface Manifest {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; labels?: Record<string, string> }
  spec: Record<string, unknown>
  data?: Record<string, string>
}

/** A class of kubernetes-models. Its constructor keeps all members, `validate` knows the schema. */
type Model = new (data: Manifest) => { validate(): void }

/** Renders a folder below deploy/kubernetes. */
export async function kustomize(folder: string): Promise<Manifest[]> {
  return manifestsOf(await run('kubectl', ['kustomize', `deploy/kubernetes/${folder}`]))
}

/** Renders the chart with flags such as `--set a=b`. */
export async function helmTemplate(...flags: readonly string[]): Promise<Manifest[]> {
  return manifestsOf(await run('helm', ['template', 'oci-gateway', CHART, ...flags]))
}

/** The folder of the chart. */
export const CHART = 'deploy/helm/oci-gateway'

/** Sorted by kind. Throws if the program failed. */
function manifestsOf({ status, stdout, stderr }: Printed): Manifest[] {
  assert.equal(status, 0, stderr)
  const documents = parseAllDocuments(stdout).map((document) => document.toJS() as Manifest | null)
  return documents.filter((document) => document !== null)
    .sort((one, other) => one.kind.localeCompare(other.kind))
}

/** Packages with the schemas, by the group of the API. */
const PACKAGES: ReadonlyMap<string, string> = new Map([
  ['monitoring.coreos.com', '@kubernetes-models/prometheus-operator'],
])

/** Throws unless an object is valid by the schema of Kubernetes, or of the operator. */
export async function validate(manifest: Manifest): Promise<void> {
  const { apiVersion, kind } = manifest
  const [group = ''] = apiVersion.split('/')
  const specifier = `${PACKAGES.get(group) ?? 'kubernetes-models'}/${apiVersion}`
  const models = await import(specifier) as Record<string, Model | undefined>
  const Model = models[kind]
  assert.ok(Model, `${specifier} has no ${kind}`)
  new Model(manifest).validate()
}

/** The object of a kind, which must exist. */
export function find(manifests: readonly Manifest[], kind: string): Manifest {
  const found = manifests.find((manifest) => manifest.kind === kind)
  assert.ok(found, `No ${kind}`)
  return found
}

/** The members of a pod's specification that tests read. */
export interface PodSpec {
  terminationGracePeriodSeconds: number
  automountServiceAccountToken: boolean
  securityContext: { runAsNonRoot: boolean; seccompProfile: { type: string } }
  volumes: { name: string; persistentVolumeClaim?: { claimName: string } }[]
  containers: Container[]
}

interface Container {
  image: string
  env: { name: string; value?: string; valueFrom?: object }[]
  volumeMounts: { name: string; mountPath: string }[]
  lifecycle: { preStop: { sleep: { seconds: number } } }
  securityContext: {
    allowPrivilegeEscalation: boolean
    readOnlyRootFilesystem: boolean
    capabilities: { drop: string[] }
  }
}

/** The pod of the Deployment. */
export function podOf(manifests: readonly Manifest[]): PodSpec {
  const { template } = find(manifests, 'Deployment').spec as { template: { spec: PodSpec } }
  return template.spec
}

/** The only container of the Deployment. */
export function containerOf(manifests: readonly Manifest[]): Container {
  const [container, ...others] = podOf(manifests).containers
  assert.ok(container && others.length === 0)
  return container
}
