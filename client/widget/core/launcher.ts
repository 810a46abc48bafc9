import type { Model } from './model.ts'

/** An element of the page in the launcher's place: also one that comes later, or is put there anew by a framework. */
export function bindLauncher(model: Model): () => void {
  function elements(): Element[] {
    const { launcher } = model.get().look
    if (!launcher || launcher === true) return []
    return typeof launcher === 'string' ? [...document.querySelectorAll(launcher)] : [launcher]
  }

  function onClick(event: MouseEvent) {
    const path = event.composedPath()
    if (!elements().some(element => path.includes(element))) return
    event.preventDefault()
    model.toggle()
  }

  function describe() {
    for (const element of elements()) element.setAttribute('aria-expanded', String(model.get().isOpen))
  }

  document.addEventListener('click', onClick)
  const stopFollowing = model.subscribe(describe)
  describe()
  return () => {
    document.removeEventListener('click', onClick)
    stopFollowing()
  }
}
