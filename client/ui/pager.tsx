import type { Page } from '#protocol'

interface Props {
  pagination: Page<unknown>['pagination']
  label: string
  previous: string
  next: string
  onPage(page: number): void
}

export function Pager({ pagination: { page, has_next, has_prev }, label, previous, next, onPage }: Props) {
  if (!has_next && !has_prev) return null
  return (
    <nav class="pager" aria-label={label}>
      <button type="button" class="button" disabled={!has_prev} onClick={() => onPage(page - 1)}>
        {previous}
      </button>
      <span class="muted">{label}</span>
      <button type="button" class="button" disabled={!has_next} onClick={() => onPage(page + 1)}>
        {next}
      </button>
    </nav>
  )
}
