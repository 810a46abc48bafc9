/** Adopted sheets are not inline styles to a Content-Security-Policy. */
export function applyStyles(shadow: ShadowRoot, text: string, theme?: string): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(CSS.supports('color', 'light-dark(red,red)') ? text : withPlainColours(text, theme))
  shadow.adoptedStyleSheets.push(sheet)
}

/** For browsers that do not know `light-dark()`: the one of each pair that is meant now. */
function withPlainColours(text: string, theme = 'auto'): string {
  const { colorScheme } = getComputedStyle(document.documentElement)
  const mayBeDark = theme === 'auto' || (theme === 'page' && colorScheme.includes('dark'))
  const isOnlyDark = theme === 'dark' || (theme === 'page' && colorScheme === 'dark')
  const isDark = isOnlyDark || (mayBeDark && matchMedia('(prefers-color-scheme: dark)').matches)
  return text.replace(/light-dark\(([^,]+),([^)]+)\)/g, isDark ? '$2' : '$1')
}
