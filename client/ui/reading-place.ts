const topOf = (element: Element) => element.getBoundingClientRect().top

/** Where somebody reads in what is scrolled: the first text in view, and how far below the beginning of `flow` it stands, in CSS pixels. */
export function readingPlace(scroller: Element, flow: Element) {
  let text: Element | undefined
  let depth = 0
  const depthOf = (element = flow) => topOf(element) - topOf(flow)

  return {
    note() {
      const texts = flow.querySelectorAll('[dir=auto]')
      let first = 0
      for (let end = texts.length; first < end; ) {
        const middle = (first + end) >> 1
        if (texts[middle]!.getBoundingClientRect().bottom > topOf(scroller)) end = middle
        else first = middle + 1
      }
      text = texts[first]
      depth = depthOf(text)
    },
    /** What came in above it is scrolled past; how far the reader scrolled meanwhile does not matter. */
    restore() {
      if (text?.isConnected) scroller.scrollTop += depthOf(text) - depth
    },
  }
}
