import { SaxesParser } from 'saxes'

/** What happens along an XML text; names are without their prefixes, those of attributes as written too. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void
  close?(name: string): void
  text?(text: string): void
}

/** Declares no entities and fetches nothing: a name that XML itself does not know is an error. @throws Error where it is not XML */
export function walkXml(xml: Uint8Array, { open, close, text }: XmlHandler): void {
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => open(localName(name), localNames(attributes)))
  if (close) parser.on('closetag', ({ name }) => close(localName(name)))
  if (text) for (const kind of ['text', 'cdata'] as const) parser.on(kind, text)
  parser.write(decoderOf(xml).decode(xml)).close()
}

function decoderOf([first, second]: Uint8Array): TextDecoder {
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le')
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be')
  return new TextDecoder('utf-8')
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function localNames(attributes: Record<string, string>): Record<string, string> {
  const names = Object.entries(attributes).map(([name, value]) => [localName(name), value] as const)
  return { ...attributes, ...Object.fromEntries(names) }
}
