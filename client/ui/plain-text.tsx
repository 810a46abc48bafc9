import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { type Link, linkify } from './links.ts'

/** What a person wrote, sign for sign; addresses and telephone numbers in it can be followed. */
export function PlainText({ text }: { text: string }) {
  return useMemo(() => <>{linkify(text).map(renderLink)}</>, [text])
}

export function renderLink(part: string | Link): ComponentChildren {
  if (typeof part === 'string') return part
  // What is no page opens a program of its own.
  const isPage = part.url.startsWith('http')
  return (
    <a href={part.url} target={isPage ? '_blank' : undefined} rel="noopener noreferrer nofollow">
      {part.children}
    </a>
  )
}
