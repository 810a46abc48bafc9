/** Where a server is, without a slash at its end (`https://shop.example/chat`). What stands after `?` or `#` is not of it. */
export function baseOf(url: string): string {
  const { origin, pathname } = new URL(url, globalThis.location?.href)
  return origin + pathname.replace(/\/+$/, '')
}
