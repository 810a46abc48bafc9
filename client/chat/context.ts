import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Client } from '../sdk/index.ts'
import type { Language } from '../ui/i18n.ts'
import { pageErrorSentence } from '../ui/page-errors.ts'
import type { Session } from '../ui/session.ts'
import type { Toasts } from '../ui/toasts.tsx'
import { type Task, useTask } from '../ui/use-task.ts'
import type { Conversations } from './conversations.ts'
import type { Current } from './current.ts'
import type { T } from './words.ts'

export interface PageContextValue {
  session: Session
  toasts: Toasts
  language: Language
  t: T
}

export const PageContext = createContext<PageContextValue>(null as unknown as PageContextValue)
export const usePage = () => useContext(PageContext)

/** What there is once somebody is signed in. */
export interface ChatContextValue extends PageContextValue {
  client: Client<'visitor'>
  conversations: Conversations
  current: Current
}

export const ChatContext = createContext<ChatContextValue>(null as unknown as ChatContextValue)
export const useChat = () => useContext(ChatContext)

/** Runs what a button does: a failure becomes a notice. */
export function useAction(): Task {
  const { toasts, language } = usePage()
  return useTask(({ code }) => toasts.warn(pageErrorSentence(code, language)))
}
