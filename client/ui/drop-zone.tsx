import { useRef, useState } from 'preact/hooks'
import { Icon } from './icons.tsx'

interface Props {
  label: string
  hint: string
  /** Something to know before. */
  warning: string | undefined
  accept: string
  isMultiple?: boolean
  isBusy: boolean
  onFiles(files: File[]): void
}

/** Files by dropping them, or with the picker that keyboard and screen reader get. */
export function DropZone({ label, hint, warning, accept, isMultiple, isBusy, onFiles }: Props) {
  const [isOver, setOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)

  function take(files: FileList | null | undefined) {
    const chosen = [...(files ?? [])]
    if (chosen.length && !isBusy) onFiles(isMultiple ? chosen : chosen.slice(0, 1))
    if (input.current) input.current.value = ''
  }

  return (
    <label
      class={isOver ? 'drop over' : 'drop'}
      aria-busy={isBusy}
      onDragOver={event => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer?.files)
      }}
    >
      <Icon name="upload" size={24} />
      <strong>{label}</strong>
      <span class="muted">{hint}</span>
      {warning && <span class="warning">{warning}</span>}
      <input
        ref={input}
        class="hidden"
        type="file"
        accept={accept}
        multiple={isMultiple}
        disabled={isBusy}
        onChange={event => take(event.currentTarget.files)}
      />
    </label>
  )
}
