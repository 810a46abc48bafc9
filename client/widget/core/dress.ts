import { widgetZIndexMax } from '#protocol/core/limits'
import type { Look } from './settings.ts'

/** The look as attributes and custom properties of what is within, where no rule of the page's for such names is heard; the layer is the host's. */
export function dress(host: HTMLElement, root: HTMLElement, look: Look): void {
  const { theme, side, launcher, color } = look
  root.dataset.theme = theme ?? 'auto'
  root.dataset.side = side ?? 'right'
  setProperty(root, '--offset-x', pixels(look.x))
  setProperty(root, '--offset-y', pixels(look.y))
  // In a `var()` of the style sheet the build would round it.
  setProperty(host, '--layer', look.zIndex ?? widgetZIndexMax)
  // Older browsers do not say it.
  setProperty(host, '--zoom', 1 / (document.documentElement.currentCSSZoom ?? 1))
  // Nothing stands below the panel.
  setProperty(root, '--gap', launcher === true ? undefined : '0px')
  setProperty(root, '--parley-accent', color)
  setProperty(root, '--parley-on-accent', color && (isLight(color) ? '#111' : '#fff'))
  setProperty(root, '--accent-soft', color && `color-mix(in srgb, ${color} 14%, var(--surface))`)
  setProperty(root, '--accent-text', color && `color-mix(in srgb, ${color} 40%, var(--text))`)
}

const pixels = (amount: number | undefined) => (amount === undefined ? amount : `${amount}px`)

function setProperty(element: HTMLElement, name: string, value: string | number | null | undefined): void {
  element.style.setProperty(name, String(value ?? ''))
}

/** Whether dark text is read better on it: by the relative luminance of WCAG. */
function isLight(color: string): boolean {
  const digits = color.length === 4 ? color.replace(/[^#]/g, '$&$&') : color
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const share = Number.parseInt(digits.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179
}
