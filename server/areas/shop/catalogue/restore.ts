import { OperationError } from '#protocol'
import { derivation } from '../../../answering/retrieval/derivation.ts'
import { actorOf } from '../../../core/call.ts'
import type { CatalogueHandlers, CatalogueParts } from './deps.ts'

export function restoreHandler(
  { storage, active, index, serialized }: CatalogueParts,
  derive: (version: number) => Promise<void>,
): CatalogueHandlers['catalogue:restore'] {
  return ({ version }, call) =>
    serialized(async () => {
      const found = await storage.version(version)
      if (found && found.derivation < derivation) await derive(version)
      const row = found && (await storage.restore(version, actorOf(call)))
      if (row === null) throw new OperationError('NOT_FOUND', `There is no catalogue version ${version}.`)
      active.expireLookup()
      await index.fill(version)
      return { count: row.count, version }
    })
}
