import type { OwnedObject } from '../records.ts'
import type { Immediate } from '../promised.ts'
import type { MemoryState } from './state.ts'

/** The owners of objects of a store in memory. */
export function createMemoryObjects(
  { objects }: MemoryState,
): Immediate<'putObjects' | 'findObjects' | 'deleteObject'> {
  const isCurrent = ({ expiresAt = Infinity }: OwnedObject, now: number) => expiresAt > now
  return {
    putObjects(added, now) {
      for (const [id, object] of objects) if (!isCurrent(object, now)) objects.delete(id)
      for (const object of added) if (!objects.has(object.id)) objects.set(object.id, object)
    },
    findObjects: (ids, now) =>
      ids.flatMap((id) => objects.get(id) ?? []).filter((object) => isCurrent(object, now)),
    deleteObject: (id) => void objects.delete(id),
  }
}
