import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useGrowing } from '../../../ui/field.ts'
import { moveChoice } from '../../../ui/suggestions.tsx'
import { focusList } from './focus-list.ts'
import { type OfferedMacro, useSuggestions } from './use-suggestions.ts'
import type { Mode, Writing } from './writing.ts'

const maxHeightPx = 200

interface Written {
  id: string
  mode: Mode
  text: string
  writing: Writing
  onSend(): void
  /** A macro was chosen from what is suggested. */
  onMacro(macro: OfferedMacro): void
}

/** The box that is written in: its keys, where the caret stands in it, and what is suggested for that place. */
export function useField({ id, mode, text, writing, onSend, onMacro }: Written) {
  const [caret, setCaret] = useState(0)
  const field = useGrowing(text, maxHeightPx)
  /** Where the caret goes with the next text, before anything else can be typed. */
  const placed = useRef<number | null>(null)
  const suggestions = useSuggestions({ id, mode, text, caret })

  useLayoutEffect(() => {
    if (placed.current !== null) field.current?.setSelectionRange(placed.current, placed.current)
    placed.current = null
  }, [text])

  function pick(index: number) {
    const next = suggestions?.pick(index)
    if (!next) return
    placed.current = next.caret
    writing.insert(mode, next.text)
    setCaret(next.caret)
    field.current?.focus()
    if (next.macro) onMacro(next.macro)
  }

  /** Calls what can be put in, as typing its sign does. */
  function callSuggestions() {
    const before = text.slice(0, caret)
    const called = `${before}${/(^|\s)$/.test(before) ? '' : ' '}/`
    placed.current = called.length
    writing.type(mode, called + text.slice(caret))
    setCaret(called.length)
    field.current?.focus()
  }

  /** Whether the key was for the suggestions. */
  function onSuggestionKey(key: string): boolean {
    if (!suggestions) return false
    const moved = moveChoice(key, suggestions.chosen, suggestions.items.length)
    if (moved !== null) suggestions.choose(moved)
    else if (key === 'Escape') suggestions.dismiss()
    else if ((key === 'Enter' || key === 'Tab') && suggestions.items.length > 0) pick(suggestions.chosen)
    else return false
    return true
  }

  function onKeyDown(event: KeyboardEvent) {
    // While an input method composes, Enter chooses a word; Safari tells so by 229 alone.
    if (event.isComposing || event.keyCode === 229) return
    if (onSuggestionKey(event.key)) return event.preventDefault()
    if (isUndo(event) && writing.canRestore(mode)) {
      event.preventDefault()
      writing.restore(mode)
    } else if (event.key === 'Escape') {
      event.preventDefault()
      focusList()
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      onSend()
    }
  }

  return {
    field,
    focus: () => field.current?.focus(),
    setCaret,
    suggestions,
    pick,
    callSuggestions,
    onKeyDown,
  }
}

function isUndo({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): boolean {
  return key.toLowerCase() === 'z' && (ctrlKey || metaKey) && !shiftKey && !altKey
}
