import type { ProviderFault } from '#protocol/models/provider'
import { OutgoingRefused } from '../net/egress.ts'
import { AnswerCut, HostRefused } from './model.ts'

const aboutQuota = /insufficient_quota|billing|credit|balance|余额|欠费|arrears/i
const aboutModel =
  /\bmodel\b.{0,80}(?:not (?:found|exist|available|supported)|does not exist|unknown|invalid)|no such model|model_not_found/is
const aboutContext =
  /context.{0,40}(?:length|window|long)|too many tokens|maximum.{0,30}tokens|prompt is too long/is
const aboutContent = /content.?(?:filter|policy|management)|safety|data_inspection|moderation/i

/** What kind of failure it was that a provider answered with, whatever its own words are. */
export function faultOf(error: unknown): ProviderFault {
  if (error instanceof HostRefused) return refusalOf(error)
  if (error instanceof AnswerCut) return aboutContent.test(error.message) ? 'filter' : 'garbage'
  if (isRefusedAddress(error)) return 'address'
  const { name, message } = error as Error
  if (name === 'TimeoutError' || /in time|timed? ?out/i.test(message)) return 'timeout'
  if (/does not answer/.test(message)) return 'down'
  return name === 'ModelError' ? 'garbage' : 'other'
}

function refusalOf({ status, body }: HostRefused): ProviderFault {
  if (status === 402 || aboutQuota.test(body)) return 'quota'
  if (status === 401 || status === 403) return 'key'
  if (status === 429) return 'rate'
  if (aboutModel.test(body)) return 'model'
  if (aboutContext.test(body)) return 'context'
  if (aboutContent.test(body)) return 'filter'
  if (status === 404 || status === 405) return 'address'
  return status >= 500 ? 'down' : 'other'
}

function isRefusedAddress(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof OutgoingRefused || (cause as { code?: string }).code === 'ENOTFOUND') return true
  return false
}
