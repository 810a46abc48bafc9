import { useConsole } from './context.ts'

/** Shows a conversation on the desk. */
export function useOpenConversation(): (conversationId: string) => Promise<void> {
  const { deskLoader } = useConsole()
  return async conversationId => {
    await deskLoader.open()
    deskLoader.get().desk?.show(conversationId)
    location.hash = '#/desk'
  }
}
