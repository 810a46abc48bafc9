import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Conversation } from '#protocol'
import type { ConversationState } from '../../sdk/index.ts'
import type { Language } from '../../ui/i18n.ts'
import type { LazyParts } from './lazy.ts'
import type { Model } from './model.ts'
import type { T } from './words.ts'

export interface WidgetContextValue {
  model: Model
  lazy: LazyParts | null
  language: Language
  t: T
}

export const WidgetContext = createContext<WidgetContextValue>(null as unknown as WidgetContextValue)

export function useWidget(): WidgetContextValue {
  return useContext(WidgetContext)
}

export type Shown = ConversationState['messages'][number]
export type Author = NonNullable<Conversation['agent']>
