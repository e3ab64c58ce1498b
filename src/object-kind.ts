/**
 * How long the owner of an object that OCI stores is known. `response`: a response or one of its
 * items, as long as OCI stores them. `object`: until it is deleted.
 */
export type ObjectKind = 'response' | 'object'
