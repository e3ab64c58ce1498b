/** The used members of a CycloneDX document. */
export interface Sbom {
  metadata: { component: Component }
  components: Component[]
  dependencies: { ref: string; dependsOn?: string[] }[]
}

interface Component {
  'bom-ref': string
  name: string
  properties?: { name: string; value: string }[]
}

/**
 * Reduces the document of all installed packages to those of the published package: its dependencies
 * and those whose code is bundled. (`npm sbom --omit dev` leaves out the bundled ones, and runtime
 * dependencies that development dependencies share.)
 * @param name the name of the package; npm writes the name of the folder
 */
export function publishedSbom(sbom: Sbom, name: string, published: ReadonlySet<string>): Sbom {
  const root = { ...sbom.metadata.component, name }
  const components = sbom.components.filter((component) => published.has(component.name))
    .map((component) => ({ ...component, properties: [] }))
  const missing = [...published].filter((wanted) => !components.some((one) => one.name === wanted))
  if (missing.length > 0) throw new Error(`npm sbom does not list ${missing.join(', ')}`)
  const refs = new Set([root, ...components].map((component) => component['bom-ref']))
  const dependencies = sbom.dependencies.filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((on) => refs.has(on)) }))
  return { ...sbom, metadata: { ...sbom.metadata, component: root }, components, dependencies }
}

/** The names of the packages in `THIRD-PARTY-NOTICES.txt`. */
export function noticedPackages(notices: string): string[] {
  return Array.from(notices.matchAll(/^-{80}\n\n(\S+) \d/gm), ([, name = '']) => name)
}
