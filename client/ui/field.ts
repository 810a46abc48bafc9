import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Files } from './files.ts'

/** A field as high as its text, to a limit. */
export function useGrowing(text: string, maxPx: number) {
  const field = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => {
    const { current } = field
    if (!current) return
    current.style.height = 'auto'
    current.style.height = `${Math.min(current.scrollHeight, maxPx)}px`
  }, [text])
  return field
}

/** Files that are pasted go with the message; all else is the field's. */
export function pasteFiles(event: ClipboardEvent, files: Pick<Files, 'add'> | null): void {
  const pasted = filesIn(event.clipboardData)
  if (pasted.length === 0) return
  event.preventDefault()
  files?.add(pasted)
}

/** Cells of a spreadsheet are text that a picture comes with; of a copied file it is the name that comes with it. */
function filesIn(data: DataTransfer | null): File[] {
  const files = [...(data?.files ?? [])]
  const text = data?.getData('text/plain').trim() ?? ''
  return text.split(/\r?\n/).every(line => !line || files.some(({ name }) => name === line)) ? files : []
}
