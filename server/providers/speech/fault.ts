import { OperationError } from '#protocol'
import type { SpeechFault } from '#protocol/chat/voice'
import { faultOf } from '../fault.ts'
import { BudgetReached, ModelError } from '../model.ts'

/** What kind of failure speech had, for who sets it up; null where it is a refusal as everywhere. */
export function speechFaultOf(error: unknown): SpeechFault | null {
  if (error instanceof BudgetReached) return 'budget'
  if (error instanceof ModelError) return faultOf(error)
  if (!(error instanceof OperationError)) return null
  if (error.cause instanceof ModelError) return speechFaultOf(error.cause)
  if (error.code === 'NOT_CONFIGURED') return 'not_configured'
  const reason = error.code === 'UNPROCESSABLE_FILE' && (error.details as { reason?: unknown }).reason
  return reason === 'no_speech' || reason === 'unreadable' ? reason : null
}
