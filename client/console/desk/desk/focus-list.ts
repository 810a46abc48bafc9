/** From where the agent writes back to the list, also to one that is empty; where it is covered, to the conversation. */
export function focusList(): void {
  const { activeElement } = document
  const places = [
    '.lists .row.current [data-focus]',
    '.lists [data-focus]',
    '.lists [role="tabpanel"]',
    '.pane.current',
  ]
  for (const place of places) {
    document.querySelector<HTMLElement>(place)?.focus()
    if (document.activeElement !== activeElement) return
  }
}
