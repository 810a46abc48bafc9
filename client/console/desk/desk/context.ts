import { createContext } from 'preact'
import { useContext, useMemo } from 'preact/hooks'
import type { Conversation } from '#protocol'
import { toParleyError } from '../../../sdk/index.ts'
import type { Language } from '../../../ui/i18n.ts'
import type { Toasts } from '../../../ui/toasts.tsx'
import { useStore } from '../../../ui/use-store.ts'
import { useConsole } from '../../context.ts'
import type { Desk, DeskState } from './desk.ts'
import { deskErrorSentence } from './errors.ts'
import { type T, translator } from './words.ts'

interface DeskContextValue {
  desk: Desk
  /** What the keyboard's commands for a conversation do, by conversation id. */
  commands: Map<string, Commands>
}

export type CommandName = 'compose' | 'mode' | 'draft' | 'transfer' | 'complete' | 'details' | 'take'
export type Commands = Partial<Record<CommandName, () => void>>

export const DeskContext = createContext<DeskContextValue>(null as unknown as DeskContextValue)

export function useDesk(): DeskContextValue & { t: T; language: Language; toasts: Toasts } {
  const { language, toasts } = useConsole()
  const t = useMemo(() => translator(language), [language])
  return { ...useContext(DeskContext), t, language, toasts }
}

export function useDeskState(): DeskState {
  return useStore(useContext(DeskContext).desk)
}

/** Runs what a button does; a failure becomes a notice in words. */
export function useAttempt(): (action: () => Promise<unknown>) => Promise<boolean> {
  const { t, language, toasts } = useDesk()
  return async action => {
    try {
      await action()
      return true
    } catch (thrown) {
      toasts.warn(deskErrorSentence(toParleyError(thrown), t, language))
      return false
    }
  }
}

/** A visitor has no name until they sign in or leave an address: the end of the id. A title is no name. */
export function labelOf({ id, visitor }: Pick<Conversation, 'id' | 'visitor'>, t: T): string {
  return visitor?.name ?? t('visitor', { id: id.slice(-4) })
}
