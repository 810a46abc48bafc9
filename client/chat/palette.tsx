import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Conversation } from '#protocol'
import { Icon, type IconName } from '../ui/icons.tsx'
import { useStore } from '../ui/use-store.ts'
import { useChat } from './context.ts'
import { labelOf } from './labels.ts'
import { useChoosable } from './model-picker.tsx'

interface Command {
  key: string
  name: string
  icon: IconName
  onChoose(): void
}

const settleMs = 200
const foundMax = 10

/** By Ctrl K, or ⌘ K: whatever one may do, and every conversation, by typing some of its name. */
export function Palette() {
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return
      event.preventDefault()
      setOpen(true)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
  return isOpen ? <PaletteDialog onClose={() => setOpen(false)} /> : null
}

function PaletteDialog({ onClose }: { onClose(): void }) {
  const { t } = useChat()
  const dialog = useRef<HTMLDialogElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const id = useId()
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState(0)
  const commands = useCommands(query)
  const at = Math.min(chosen, commands.length - 1)

  useLayoutEffect(() => {
    const { current } = dialog
    current?.showModal()
    return () => current?.close()
  }, [])
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [at])

  function choose(command: Command | undefined) {
    if (!command) return
    dialog.current?.close()
    command.onChoose()
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) setChosen((at + step + commands.length) % commands.length)
    else if (event.key === 'Enter' && !event.isComposing) choose(commands[at])
    else return
    event.preventDefault()
  }

  return (
    <dialog ref={dialog} class="palette" aria-label={t('palette')} onClose={onClose}>
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={commands[at] && `${id}-${at}`}
        aria-label={t('palette')}
        placeholder={t('paletteHint')}
        autofocus
        value={query}
        onInput={event => {
          setQuery(event.currentTarget.value)
          setChosen(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} class="commands" id={id} role="listbox" aria-label={t('palette')}>
        {commands.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
          // biome-ignore lint/a11y/useFocusableInteractive: it is the active descendant of the field
          <div
            key={command.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            onClick={() => choose(command)}
          >
            <Icon name={command.icon} size={16} />
            <span dir="auto">{command.name}</span>
          </div>
        ))}
      </div>
    </dialog>
  )
}

function useCommands(query: string): Command[] {
  const { conversations, current, language, t } = useChat()
  const { items } = useStore(conversations)
  const { id } = useStore(current)
  const found = useFound(query)
  const choosable = useChoosable()
  const shown = items.find(item => item.id === id)
  const update = (changes: Parameters<typeof conversations.update>[1]) => () =>
    void conversations.update(shown!.id, changes).catch(() => {})
  const commands: Command[] = [
    { key: 'fresh', name: t('fresh'), icon: 'plus', onChoose: () => current.enter(null) },
    ...(shown
      ? ([
          {
            key: 'pin',
            name: t(shown.pinned ? 'unpin' : 'pin'),
            icon: 'pin',
            onChoose: update({ pinned: !shown.pinned }),
          },
          { key: 'archive', name: t('toArchive'), icon: 'archive', onChoose: update({ archived: true }) },
        ] satisfies Command[])
      : []),
    ...choosable.map(
      ({ name, provider, choice }): Command => ({
        key: `${choice.provider_id} ${name}`,
        name: `${t('modelLabel', { name })} · ${provider}`,
        icon: 'spark',
        onChoose: () => void current.choose(choice).catch(() => {}),
      }),
    ),
    ...items.map(
      (item): Command => ({
        key: item.id,
        name: labelOf(item, language, t),
        icon: 'chat',
        onChoose: () => current.enter(item.id),
      }),
    ),
  ]
  const fits = commands.filter(({ name }) => name.toLowerCase().includes(query.trim().toLowerCase()))
  const known = new Set(fits.map(({ key }) => key))
  const further = found.filter(item => !known.has(item.id))
  return [
    ...fits,
    ...further.map(
      (item): Command => ({
        key: item.id,
        name: labelOf(item, language, t),
        icon: 'search',
        onChoose: () => current.enter(item.id),
      }),
    ),
  ]
}

/** Conversations in which that was said, each once. */
function useFound(query: string): Conversation[] {
  const { client } = useChat()
  const [found, setFound] = useState<Conversation[]>([])
  useEffect(() => {
    setFound([])
    if (query.trim() === '') return
    const abort = new AbortController()
    const timer = setTimeout(() => {
      client.call('conversation:search', { query, limit: foundMax }, { signal: abort.signal }).then(
        ({ items }) =>
          setFound([...new Map(items.map(each => [each.conversation.id, each.conversation])).values()]),
        () => {},
      )
    }, settleMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [client, query])
  return found
}
