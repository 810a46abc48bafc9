/** The text of a message as far as it is there, for who waits for more of it. */
export class TextFeed {
  text = ''
  isWhole = false
  #wake = () => {}

  add(offset: number, text: string): void {
    this.text = this.text.slice(0, offset) + text
    this.#wake()
  }

  /** @param text all of it, as it is stored */
  end(text: string): void {
    this.text = text
    this.isWhole = true
    this.#wake()
  }

  /** Resolves once there is more than there was: true; or after a while. */
  changed(signal: AbortSignal, limitMs: number): Promise<boolean> {
    return new Promise(resolve => {
      const timer = setTimeout(() => finish(false), limitMs)
      const wake = () => finish(true)
      const finish = (isMore: boolean) => {
        clearTimeout(timer)
        signal.removeEventListener('abort', wake)
        this.#wake = () => {}
        resolve(isMore)
      }
      this.#wake = wake
      signal.addEventListener('abort', wake)
      if (signal.aborted) wake()
    })
  }
}
