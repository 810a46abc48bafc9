import type { RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** The same width as in the style sheet. */
const phone = '(max-width: 520px)'

/** Whether the panel fills the screen, whose height and top then follow the on-screen keyboard. */
export function useViewport(panel: RefObject<HTMLElement | null>): boolean {
  const [isPhone, setPhone] = useState(() => matchMedia(phone).matches)

  useEffect(() => {
    const query = matchMedia(phone)
    const viewport = window.visualViewport!
    function follow() {
      setPhone(query.matches)
      panel.current?.style.setProperty('--height', `${viewport.height}px`)
      panel.current?.style.setProperty('--top', `${viewport.offsetTop}px`)
    }
    follow()
    const stop = new AbortController()
    query.addEventListener('change', follow, stop)
    viewport.addEventListener('resize', follow, stop)
    viewport.addEventListener('scroll', follow, stop)
    return () => stop.abort()
  }, [panel])

  return isPhone
}
