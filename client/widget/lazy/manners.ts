/** What is typed here is none of the page's business; the panel itself keeps `keydown`. */
const typingEvents = [
  'keyup',
  'keypress',
  'beforeinput',
  'input',
  'change',
  'paste',
  'copy',
  'cut',
  'compositionstart',
  'compositionupdate',
  'compositionend',
]
const focusEvents = ['focus', 'focusin', 'blur', 'focusout'] as const
const fields = 'textarea, input:not([hidden])'
const controls = `button:not(:disabled), a[href], ${fields}`
/** What a control belongs to: the focus stays there as long as it can. */
const groups = 'form, .card, .desk'

/**
 * How the panel gets along with the page: neither takes the other's keys or focus, and a focus whose control is gone goes to one beside it.
 * @returns how to end it
 */
export function keepManners(panel: HTMLElement, isPhone: boolean): () => void {
  const shadow = panel.getRootNode() as ShadowRoot
  /** What has the focus, and what that is in. */
  let focused: Element[] = []

  const stop = (event: Event) => event.stopPropagation()
  for (const type of typingEvents) panel.addEventListener(type, stop)

  function onTab(event: KeyboardEvent) {
    if (event.key === 'Tab' && isPhone) goRound(event, panel)
  }
  panel.addEventListener('keydown', onTab)

  /** First of all listeners: a dialog of the page that holds the focus would call it back. */
  function onPageFocus(event: FocusEvent) {
    const isOurs = event.composedPath().includes(shadow)
    if (isOurs || isFromDialog(event, shadow.host)) event.stopImmediatePropagation()
    if (isOurs) noteFocus(event)
  }

  function noteFocus(event: FocusEvent) {
    const path = event.composedPath()
    if (/^focus(?:in)?$/.test(event.type))
      focused = path.slice(0, Math.max(0, path.indexOf(panel))) as Element[]
    else if (event.relatedTarget) focused = []
    // One that is being taken away has not been left.
    else queueMicrotask(() => forget(path[0] as Element))
  }

  function forget(target: Element) {
    const isLeft = isUsable(target) && document.hasFocus() && shadow.activeElement !== target
    if (isLeft && focused[0] === target) focused = []
  }

  function mend() {
    const [last, ...around] = focused
    if (!last || isUsable(last)) return
    focused = []
    const now = shadow.activeElement ?? document.activeElement
    if (now && now !== last && now !== document.body && now !== shadow.host) return
    const group = around.find(box => box.isConnected && box.matches(groups) && box.querySelector(controls))
    const next =
      group?.querySelector<HTMLElement>('[aria-pressed=true]:not(:disabled)') ??
      (group ?? panel).querySelector<HTMLElement>(fields) ??
      group?.querySelector<HTMLElement>(controls)
    const isField = next?.matches(fields)
    // A field would raise the keyboard of a phone.
    const target = next && !(isPhone && isField) ? next : panel
    target.focus({ preventScroll: true })
  }

  const changes = new MutationObserver(mend)
  changes.observe(panel, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['disabled', 'inert'],
  })
  for (const type of focusEvents) {
    window.addEventListener(type, onPageFocus, true)
    // From one control of ours to another it does not come to the page.
    panel.addEventListener(type, noteFocus, true)
  }

  return () => {
    changes.disconnect()
    panel.removeEventListener('keydown', onTab)
    for (const type of typingEvents) panel.removeEventListener(type, stop)
    for (const type of focusEvents) {
      window.removeEventListener(type, onPageFocus, true)
      panel.removeEventListener(type, noteFocus, true)
    }
  }
}

function isFromDialog({ target, relatedTarget }: FocusEvent, host: Element): boolean {
  return (
    relatedTarget === host && target instanceof Element && target.closest('[role$=dialog], dialog') !== null
  )
}

function isUsable(element: Element): boolean {
  return element.isConnected && !element.matches(':disabled, [inert] *')
}

/** Full screen there is no page to go to. */
function goRound(event: KeyboardEvent, panel: HTMLElement) {
  const reachable = [...panel.querySelectorAll<HTMLElement>(controls)].filter(isUsable)
  const [from, to] = event.shiftKey ? [reachable[0], reachable.at(-1)] : [reachable.at(-1), reachable[0]]
  if ((panel.getRootNode() as ShadowRoot).activeElement !== from) return
  event.preventDefault()
  to?.focus()
}
