import { OperationError } from '#protocol'
import type { speechOperations } from '#protocol/chat/speech'
import type { MessageStorage } from '#storage/chat/message'
import { assertMayRead, noSuchMessage } from '../../../core/access.ts'
import type { Handlers } from '../../../core/call.ts'

export interface SpeechDeps {
  storage: Pick<MessageStorage, 'find'>
}

/** Messages as sound. */
export function speechArea({ storage }: SpeechDeps) {
  const handlers: Handlers<typeof speechOperations> = {
    async 'speech:start'({ message_id }, { caller }) {
      const found = await storage.find(message_id)
      if (found?.head.person_id !== caller.id) throw noSuchMessage()
      assertMayRead(found.head, caller)
      throw notConfigured()
    },
    'speech:stop'() {
      throw new OperationError('NOT_FOUND', 'There is no such speech.')
    },
    'speech:create'() {
      throw notConfigured()
    },
    'speech:audio'() {
      throw new OperationError('NOT_FOUND', 'There is no such sound.')
    },
  }
  return { handlers }
}

function notConfigured(): OperationError {
  return new OperationError('NOT_CONFIGURED', 'This server does not speak.')
}
