const OCID = /^ocid1\.([a-z]+)\.[a-z0-9-]+\.[a-z0-9-]*\.[\w-]+$/

/** What kind of thing an OCID names, `generativeaiendpoint` for one; `undefined` if it is none. */
export function ocidKind(text: string): string | undefined {
  return OCID.exec(text)?.[1]
}
