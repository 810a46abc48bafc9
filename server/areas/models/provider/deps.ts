import { OperationError, roleAtLeast } from '#protocol'
import type { Provider, providerOperations } from '#protocol/models/provider'
import type { DistributionStorage } from '#storage/models/distribution'
import type { ProviderRow, ProviderStorage } from '#storage/models/provider'
import type { Call, Handlers } from '../../../core/call.ts'
import { personOf } from '../../../core/call.ts'
import type { Registry } from '../../../providers/registry.ts'
import type { AgentFor } from '../../../providers/stream.ts'

export interface ProviderDeps {
  storage: ProviderStorage
  distributions: DistributionStorage
  registry: Pick<Registry, 'find' | 'mayAsk' | 'problemOf' | 'connect'>
  /** @throws OutgoingRefused where the server may not call */
  agentFor: AgentFor
  silenceMs: number
  sealKey(key: string, providerId: string): string
  /** Something of a provider is another, here and for the other nodes. */
  onChanged(): Promise<void>
}

export type ProviderHandlers = Handlers<typeof providerOperations>

/** Administrators have the organization's, everybody the own; nobody somebody else's. */
export function managesOrganization(call: Call): boolean {
  return roleAtLeast(personOf(call).role, 'admin')
}

/** @throws OperationError NOT_FOUND where it is none that the caller manages */
export async function findManaged({ storage }: ProviderDeps, id: string, call: Call): Promise<ProviderRow> {
  const row = await storage.find(id)
  const isManaged =
    row?.scope === 'organization' ? managesOrganization(call) : row?.created_by === personOf(call).id
  if (!row || !isManaged) throw noSuchProvider()
  return row
}

export function noSuchProvider(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such provider.')
}

/** What is shown of it: never the key. @param problem for who manages it */
export function toProvider({ api_key, ...row }: ProviderRow, problem: string | null): Provider {
  return { ...row, has_key: api_key !== null, problem }
}
