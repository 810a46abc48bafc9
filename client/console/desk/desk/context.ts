import { createContext } from 'preact'
import { useContext, useMemo } from 'preact/hooks'
import type { Conversation } from '#protocol'
import { type ParleyError, toParleyError } from '../../../sdk/index.ts'
import type { Language } from '../../../ui/i18n.ts'
import type { Toasts } from '../../../ui/toasts.tsx'
import { useStore } from '../../../ui/use-store.ts'
import { type Task, useTask } from '../../../ui/use-task.ts'
import { useConsole } from '../../context.ts'
import type { Desk, DeskState } from './desk.ts'
import { deskErrorSentence } from './errors.ts'
import type { SelectedRow } from './selecting.ts'
import { type T, translator } from './words.ts'

interface DeskContextValue {
  desk: Desk
  /** What the keyboard's commands for a conversation do, by conversation id. */
  commands: Map<string, Commands>
  /** What the list shows now, to be selected all at once. */
  listed: { rows: readonly SelectedRow[] }
}

export type CommandName =
  | 'compose'
  | 'mode'
  | 'draft'
  | 'transfer'
  | 'complete'
  | 'snooze'
  | 'details'
  | 'take'
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

/** Says in words what failed. */
function useFailureNotice(): (error: ParleyError) => void {
  const { t, language, toasts } = useDesk()
  return error => toasts.warn(deskErrorSentence(error, t, language))
}

/** Runs what a button does, one at a time. */
export function useDeskAction(): Task {
  return useTask(useFailureNotice())
}

/** Runs what may go on beside itself; tells whether it worked. */
export function useAttempt(): (action: () => Promise<unknown>) => Promise<boolean> {
  const notify = useFailureNotice()
  return async action => {
    const failure = await action().then(() => null, toParleyError)
    if (failure) notify(failure)
    return failure === null
  }
}

/** A visitor has no name until they sign in or leave an address: the end of the id. A title is no name. */
export function labelOf({ id, visitor }: Pick<Conversation, 'id' | 'visitor'>, t: T): string {
  return visitor?.name ?? t('visitor', { id: id.slice(-4) })
}
