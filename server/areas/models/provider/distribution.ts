import { OperationError } from '#protocol'
import type { ProviderRow } from '#storage/models/provider'
import { actorOf, type Call, personOf } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { findManaged, type ProviderDeps, type ProviderHandlers } from './deps.ts'

/** An organization's provider in the hands of single people. */
export function distributionHandlers(deps: ProviderDeps) {
  const { distributions } = deps

  /** @throws OperationError CONFLICT for one that is somebody's own */
  async function findShared(id: string, call: Call): Promise<ProviderRow> {
    const row = await findManaged(deps, id, call)
    if (row.scope === 'personal')
      throw new OperationError('CONFLICT', 'A personal provider is not given to others.', {
        scope: row.scope,
      })
    return row
  }

  function auditOf(call: Call, action: string, subject: string, after: unknown) {
    return { actor: actorOf(call), scope: 'provider' as const, action, subject, after }
  }

  return {
    async 'provider:distribute'({ provider_id, user_ids }, call) {
      await findShared(provider_id, call)
      const userIds = [...new Set(user_ids)]
      const { distributed_at, unknown } = await distributions.distribute(
        { provider_id, ids: userIds.map(user_id => ({ id: newId(), user_id })), by: personOf(call).id },
        auditOf(call, 'provider:distribute', provider_id, { user_ids: userIds }),
      )
      if (unknown.length > 0)
        throw new OperationError('VALIDATION_ERROR', 'Some of these people have no account.', [
          { field: 'user_ids', reason: `no account: ${unknown.slice(0, 10).join(', ')}` },
        ])
      await deps.onChanged()
      return { provider_id, distributed_to: userIds, distributed_at }
    },

    async 'provider:revoke'({ provider_id, user_id }, call) {
      await findShared(provider_id, call)
      const audit = auditOf(call, 'provider:revoke', provider_id, { user_id })
      if (!(await distributions.revoke(provider_id, user_id, audit)))
        throw new OperationError('NOT_FOUND', 'They do not have this provider.')
      await deps.onChanged()
      return null
    },

    async 'provider:distributions'({ provider_id }, call) {
      await findShared(provider_id, call)
      return distributions.list(provider_id)
    },
  } satisfies Partial<ProviderHandlers>
}
