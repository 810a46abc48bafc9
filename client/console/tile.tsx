import type { ComponentChildren } from 'preact'

interface TileProps {
  title: string
  value: string | number
  /** A light beside the value: green or red. */
  isGood?: boolean
  /** Where what it counts is shown. */
  href?: string
  children?: ComponentChildren
}

export function Tile({ title, value, isGood, href, children }: TileProps) {
  return (
    <section class="card tile">
      <h2>{href ? <a href={href}>{title}</a> : title}</h2>
      <p class="value">
        {isGood !== undefined && <i class={isGood ? 'dot good' : 'dot bad'} />}
        {value}
      </p>
      {children && <div class="muted">{children}</div>}
    </section>
  )
}
