/** Adopted sheets are not inline styles to a Content-Security-Policy. */
export function applyStyles(shadow: ShadowRoot, text: string): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(text)
  shadow.adoptedStyleSheets.push(sheet)
}
