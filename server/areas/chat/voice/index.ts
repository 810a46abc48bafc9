import { OperationError } from '#protocol'
import type { voiceOperations } from '#protocol/chat/voice'
import { assertMayWrite, type FindConversation, requireConversation } from '../../../core/access.ts'
import type { Handlers } from '../../../core/call.ts'

export interface VoiceDeps {
  findConversation: FindConversation
}

/** What people say by voice. */
export function voiceArea({ findConversation }: VoiceDeps) {
  const handlers: Handlers<typeof voiceOperations> = {
    async 'voice:start'({ conversation_id }, { caller }) {
      assertMayWrite(await requireConversation(findConversation, conversation_id), caller)
      throw notConfigured()
    },
    'voice:chunk'() {
      throw noSuchStream()
    },
    'voice:end'() {
      throw noSuchStream()
    },
    'voice:cancel': () => ({ text: '' }),
    'voice:transcribe'() {
      throw notConfigured()
    },
  }
  return { handlers }
}

function notConfigured(): OperationError {
  return new OperationError('NOT_CONFIGURED', 'This server does not understand speech.')
}

function noSuchStream(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such stream.')
}
