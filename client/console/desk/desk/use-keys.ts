import { useEffect } from 'preact/hooks'
import { type CommandName, useDesk } from './context.ts'
import { focusList } from './focus-list.ts'
import { type ListName, listNames } from './lists.tsx'

interface Options {
  onList(name: ListName): void
  onNext(): void
  onHelp(): void
}

/** With Alt, also while writing. By place on the keyboard: with Alt some systems write other characters. */
const altKeys: Record<string, CommandName> = {
  KeyM: 'mode',
  KeyG: 'draft',
  KeyT: 'transfer',
  KeyC: 'complete',
  KeyS: 'snooze',
  KeyI: 'details',
}

/** The desk by keyboard alone; what the keys are is listed in `Keys`. */
export function useKeys({ onList, onNext, onHelp }: Options): void {
  const { desk, commands } = useDesk()

  useEffect(() => {
    function command(name: CommandName): boolean {
      const { current } = desk.get()
      const run = current === null ? undefined : commands.get(current)?.[name]
      run?.()
      return Boolean(run)
    }

    function nextColumn() {
      const { columns, current } = desk.get()
      const next = columns[(columns.indexOf(current ?? '') + 1) % columns.length]
      if (!next) return
      desk.focus(next)
      command('compose')
    }

    function act(event: KeyboardEvent): boolean {
      const alt = altKeys[event.code]
      if (event.altKey && alt) return command(alt)
      if (event.key === 'F6') {
        nextColumn()
        return true
      }
      const target = event.target as HTMLElement
      if (target.closest('input, textarea, select, [contenteditable]')) return false
      if (event.altKey || event.ctrlKey || event.metaKey) return false
      const list = listNames[Number(event.key) - 1]
      if (list) onList(list)
      else if (event.key === 'n') onNext()
      else if (event.key === 'c') return command('compose')
      else if (event.key === 't') return command('take')
      else if (event.key === '?') onHelp()
      else if (event.key === 'Escape') focusList()
      else return false
      return true
    }

    function onKeyDown(event: KeyboardEvent) {
      // A dialog has the keys to itself, and an input method too.
      if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return
      if (act(event)) event.preventDefault()
    }

    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  })
}
