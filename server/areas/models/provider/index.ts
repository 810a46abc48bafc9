import { OperationError, roleAtLeast, toPage } from '#protocol'
import { type Person, personOf } from '../../../core/call.ts'
import {
  findManaged,
  managesOrganization,
  type ProviderDeps,
  type ProviderHandlers,
  toProvider,
} from './deps.ts'
import { distributionHandlers } from './distribution.ts'
import { probeHandlers } from './probe.ts'
import { writeHandlers } from './write.ts'

/** Providers of models: whose they are, who may ask them, whether they answer. */
export function providerArea(deps: ProviderDeps) {
  const { storage, registry } = deps

  const handlers = {
    ...writeHandlers(deps),
    ...probeHandlers(deps),
    ...distributionHandlers(deps),

    async 'provider:list'(query, call) {
      const withOrganization = managesOrganization(call)
      const { items, total } = await storage.list({ ...query, personId: personOf(call).id, withOrganization })
      return toPage(
        items.map(row => toProvider(row, registry.problemOf(row.id))),
        total,
        query,
      )
    },

    async 'provider:available'(query, call) {
      const withOrganization = managesOrganization(call)
      const { items, total } = await storage.available({
        ...query,
        personId: personOf(call).id,
        withOrganization,
      })
      return toPage(
        items.map(row => toProvider(row, null)),
        total,
        query,
      )
    },

    async 'provider:get'({ provider_id }, call) {
      return toProvider(await findManaged(deps, provider_id, call), registry.problemOf(provider_id))
    },
  } satisfies ProviderHandlers

  return {
    handlers,
    /** @throws OperationError PROVIDER_NOT_ACCESSIBLE, PROVIDER_INACTIVE */
    assertMayAsk(providerId: string, caller: Person): void {
      const row = registry.find(providerId)
      const mayAsk =
        row &&
        (registry.mayAsk(row, caller.id) ||
          (row.scope === 'organization' && roleAtLeast(caller.role, 'admin')))
      if (!mayAsk) throw new OperationError('PROVIDER_NOT_ACCESSIBLE', 'This provider is not yours to ask.')
      if (!row.is_active) throw new OperationError('PROVIDER_INACTIVE', 'This provider is switched off.')
    },
  }
}
