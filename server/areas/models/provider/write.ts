import { invalid, OperationError, type Parsed } from '#protocol'
import type { ProviderType, providerOperations } from '#protocol/models/provider'
import type { ProviderRow } from '#storage/models/provider'
import { actorOf, type Call, personOf } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { OutgoingRefused } from '../../../net/egress.ts'
import { officialAnthropicUrl } from '../../../providers/anthropic.ts'
import { defaultOllamaHost } from '../../../providers/models.ts'
import { officialOpenaiUrl } from '../../../providers/openai.ts'
import {
  findManaged,
  managesOrganization,
  noSuchProvider,
  type ProviderDeps,
  type ProviderHandlers,
  toProvider,
} from './deps.ts'

type Fields = Omit<Parsed<(typeof providerOperations)['provider:update']>, 'provider_id'>

/** Where those are asked that have an address of their own. */
const officialUrls: Partial<Record<ProviderType, string>> = {
  openai: officialOpenaiUrl,
  anthropic: officialAnthropicUrl,
  ollama: defaultOllamaHost,
}

/** Made, changed, removed. */
export function writeHandlers(deps: ProviderDeps) {
  const { storage, registry } = deps

  /** @throws OperationError VALIDATION_ERROR */
  function addressOf(type: ProviderType, given: string | undefined): string {
    const address = given ?? officialUrls[type]
    if (address === undefined) throw invalid('api_base_url', 'is needed for this type of provider')
    const url = new URL(address)
    // Azure is asked below this path, whichever part of it was copied.
    if (type === 'azure' && url.pathname === '/') url.pathname = '/openai/v1'
    const base = url.href.replace(/\/+$/, '')
    try {
      deps.agentFor(base)
    } catch (error) {
      if (!(error instanceof OutgoingRefused)) throw error
      throw invalid('api_base_url', error.message)
    }
    return base
  }

  return {
    async 'provider:create'({ scope, provider_type, ...fields }, call) {
      if (scope === 'organization' && !managesOrganization(call))
        throw new OperationError('FORBIDDEN', 'Only administrators add providers for the organization.')
      const id = newId()
      const row = await storage.insert(
        {
          id,
          provider_type,
          scope,
          created_by: personOf(call).id,
          name: fields.name,
          api_base_url: addressOf(provider_type, fields.api_base_url),
          api_key: fields.api_key ? deps.sealKey(fields.api_key, id) : null,
          config: mergeConfig({}, fields.config),
          is_active: fields.is_active ?? true,
          priority: priorityOf(scope, fields.priority ?? null),
        },
        auditOf(call, 'provider:create', id, { after: auditedFields(fields, { provider_type, scope }) }),
      )
      await deps.onChanged()
      return toProvider(row, null)
    },

    async 'provider:update'({ provider_id, ...fields }, call) {
      const before = await findManaged(deps, provider_id, call)
      const { api_key } = fields
      const row = await storage.update(
        {
          id: provider_id,
          name: fields.name ?? before.name,
          api_base_url:
            fields.api_base_url === undefined
              ? before.api_base_url
              : addressOf(before.provider_type, fields.api_base_url),
          api_key:
            api_key === undefined
              ? keyFor(before, fields)
              : api_key
                ? deps.sealKey(api_key, provider_id)
                : null,
          config: mergeConfig(before.config, fields.config),
          is_active: fields.is_active ?? before.is_active,
          priority: priorityOf(
            before.scope,
            fields.priority === undefined ? before.priority : fields.priority,
          ),
        },
        auditOf(call, 'provider:update', provider_id, {
          before: auditedFields(before, {}),
          after: auditedFields(fields, {}),
        }),
      )
      if (!row) throw noSuchProvider()
      await deps.onChanged()
      return toProvider(row, registry.problemOf(provider_id))
    },

    async 'provider:delete'({ provider_id }, call) {
      const before = await findManaged(deps, provider_id, call)
      const audit = auditOf(call, 'provider:delete', provider_id, { before: auditedFields(before, {}) })
      if (!(await storage.remove(provider_id, audit))) throw noSuchProvider()
      await deps.onChanged()
      return null
    },
  } satisfies Partial<ProviderHandlers>
}

function mergeConfig(before: ProviderRow['config'], changes: Fields['config'] = {}): ProviderRow['config'] {
  const merged = { ...before, ...changes }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value != null))
}

/** A stored key goes to the host that it was given for, and to no other. */
function keyFor(before: ProviderRow, { api_base_url }: Fields): string | null {
  const isMoved =
    api_base_url !== undefined && new URL(api_base_url).origin !== new URL(before.api_base_url).origin
  return isMoved ? null : before.api_key
}

/** @throws OperationError VALIDATION_ERROR */
function priorityOf(scope: ProviderRow['scope'], priority: number | null): number | null {
  if (scope === 'personal' && priority !== null)
    throw invalid('priority', 'is for providers of the organization')
  return priority
}

/** What the audit log is told: whether there is a key, and nothing of it. */
function auditedFields(
  { api_key, ...fields }: Partial<Omit<Fields, 'config'>> & { config?: object },
  more: object,
) {
  const { name, api_base_url, config, is_active, priority } = fields
  const key = api_key === undefined ? {} : { has_key: Boolean(api_key) }
  return { ...more, name, api_base_url, config, is_active, priority, ...key }
}

function auditOf(call: Call, action: string, subject: string, what: { before?: unknown; after?: unknown }) {
  return { actor: actorOf(call), scope: 'provider' as const, action, subject, ...what }
}
